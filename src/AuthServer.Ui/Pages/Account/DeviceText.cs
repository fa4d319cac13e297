using AuthServer.Engine.Accounts;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary>A device in the reader's language.</summary>
internal static class DeviceText
{
    public static string Of(DeviceName device, IStringLocalizer<Texts> texts) => (device.Browser, device.System) switch
    {
        (not null, not null) => texts["Device_On", device.Browser, device.System],
        _ => device.Browser ?? device.System ?? texts["Device_Unknown"],
    };
}
