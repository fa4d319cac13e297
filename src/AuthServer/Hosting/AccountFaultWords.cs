using AuthServer.Engine.Accounts;
using AuthServer.Ui;

namespace AuthServer.Hosting;

/// <summary>What the engine found wrong with an account, for the command line: the pages' words, always in English.</summary>
internal static class AccountFaultWords
{
    public static string Of(FieldFault fault) => FaultText.InEnglish(fault);
}
