using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin</c>: how it goes. Who may not see it begins at the first section they may.</summary>
internal sealed class DashboardModel(
    SessionCookie cookie, Actors actors, AuditSearch audit, KeyAdministration keys, PeopleAdministration people, ClientAdministration clients, DirectoryAdministration directory, IEnumerable<IExpiringCertificates> certificates, TimeProvider clock)
    : AdminPage(cookie, actors)
{
    private const int WarningDays = 30;

    public override string Right => AdminRights.AuditRead;

    /// <summary>Hours back: a day, a week or a month.</summary>
    public int Hours { get; private set; } = 24;

    public IReadOnlyList<Plot> Plots { get; private set; } = [];

    public IReadOnlyList<AuditEntry> Recent { get; private set; } = [];

    /// <summary>What wants to be looked at, or that all is well.</summary>
    public IReadOnlyList<(string Title, string Note, bool Good)> Health { get; private set; } = [];

    /// <summary>What a new deployment has not done yet.</summary>
    public IReadOnlyList<(string Path, string Title, string Note)> FirstSteps { get; private set; } = [];

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        Hours = Request.Query["hours"].ToString() switch { "168" => 168, "720" => 720, _ => 24 };
        if (!(await audit.FiguresAsync(Actor, Hours, ct)).TryGet(out var figures, out var refusal)) return refusal;
        Plots =
        [
            PlotOf(figures, AuditFigures.SignIns, "Plot_SignIns"), PlotOf(figures, AuditFigures.Failures, "Plot_Failures"),
            PlotOf(figures, AuditFigures.Tokens, "Plot_Tokens"), PlotOf(figures, AuditFigures.Sessions, "Plot_Sessions"),
        ];
        if ((await audit.SearchAsync(Actor, new AuditFilter(), new PageRequest { Limit = 8 }, ct)).TryGet(out var recent, out _)) Recent = recent.Items;
        Health = await HealthAsync(ct);
        FirstSteps = await FirstStepsAsync(ct);
        return null;
    }

    protected override IActionResult WithoutRight() => AdminMenu.FirstOf(Actor) is { } path ? Redirect("~" + path) : base.WithoutRight();

    private Plot PlotOf(IReadOnlyList<HourlyFigure> figures, string name, string key)
    {
        var byDay = Hours > 24;
        var now = AuditFigures.HourOf(clock.GetUtcNow());
        // Sessions are a state that is looked up, the others are counted: a day shows its greatest hour there, its sum here.
        var isState = name == AuditFigures.Sessions;
        var values = figures.Where(f => f.Name == name).ToLookup(f => byDay ? DayOf(f.At) : f.At, static f => f.Value);
        var times = byDay
            ? Enumerable.Range(0, Hours / 24).Select(i => DayOf(now).AddDays(i + 1 - Hours / 24))
            : Enumerable.Range(0, Hours).Select(i => now.AddHours(i + 1 - Hours));
        return new Plot(name, Texts[key], Texts[isState ? "Plot_Unit_State" : byDay ? "Plot_Unit_Day" : "Plot_Unit_Hour"], [.. times.Select(t => (t, isState ? values[t].DefaultIfEmpty().Max() : values[t].Sum()))], byDay);
    }

    private static DateTimeOffset DayOf(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);

    private async Task<List<(string, string, bool)>> HealthAsync(CancellationToken ct)
    {
        // The figures above came from it.
        var lines = new List<(string, string, bool)> { (Texts["Health_Database"], Texts["Health_DatabaseGood"], true) };
        var now = clock.GetUtcNow();
        if ((await keys.ListAsync(Actor, ct)).TryGet(out var all, out _))
        {
            foreach (var key in all.Where(static k => k.State == "active"))
            {
                var successor = all.Any(k => k.State == "announced" && k.Type == key.Type);
                var days = (int)(key.RetiredFrom - now).TotalDays;
                lines.Add((Texts["Health_Key", key.Type], Texts[successor ? "Health_KeySuccessor" : "Health_KeyDays", days], successor || days > 1));
            }
        }

        foreach (var certificate in certificates.SelectMany(static c => c.List()))
        {
            var days = (int)(certificate.NotAfter - now).TotalDays;
            lines.Add((Texts["Health_Certificate", certificate.Name], Texts[days < 0 ? "Health_CertificateOver" : "Health_CertificateDays", Math.Abs(days)], days > WarningDays));
        }

        return lines;
    }

    private async Task<List<(string, string, string)>> FirstStepsAsync(CancellationToken ct)
    {
        var one = new PageRequest { Limit = 2 };
        var steps = new List<(string, string, string)>();
        if ((await clients.ListAsync(Actor, new ClientFilter(), one, ct)).TryGet(out var apps, out _) && apps.Items.All(static c => c.Declared || c.Client.Development)) steps.Add(("/admin/clients/new", Texts["First_Client"], Texts["First_ClientNote"]));
        if ((await people.ListAsync(Actor, new PeopleFilter(), one, ct)).TryGet(out var some, out _) && some.Items.Count < 2) steps.Add(("/admin/users/new", Texts["First_User"], Texts["First_UserNote"]));
        if ((await directory.ListAsync<Engine.Directory.Role>(Actor, new Engine.Directory.DirectoryFilter(), one, ct)).TryGet(out var roles, out _) && roles.Items.Count == 0) steps.Add(("/admin/roles/new", Texts["First_Role"], Texts["First_RoleNote"]));
        return steps;
    }
}
