using System.Globalization;
using System.Resources;
using AuthServer.Engine.Accounts;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui;

/// <summary>What the engine found wrong, in words of people: <c>Fault_</c> and the code in the resource file.</summary>
internal static class FaultText
{
    private const string Prefix = "Fault_";

    private static readonly ResourceManager Resources = new(typeof(Texts));

    public static string Of(FieldFault fault, IStringLocalizer<Texts> texts) => texts[Prefix + fault.Fault, fault.Argument ?? ""];

    /// <summary>For the command line, which speaks English.</summary>
    public static string InEnglish(FieldFault fault) =>
        string.Format(CultureInfo.InvariantCulture, Resources.GetString(Prefix + fault.Fault, CultureInfo.InvariantCulture)!, fault.Argument);
}
