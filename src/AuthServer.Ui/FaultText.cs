using AuthServer.Engine.Accounts;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui;

/// <summary>What the engine found wrong, in words of people: <c>Fault_</c> and the code in the resource file.</summary>
internal static class FaultText
{
    private const string Prefix = "Fault_";

    public static string Of(FieldFault fault, IStringLocalizer<Texts> texts) => texts[Prefix + fault.Fault, fault.Argument ?? ""];
}
