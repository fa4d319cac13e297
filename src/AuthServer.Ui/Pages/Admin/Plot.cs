using System.Globalization;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>One figure over time, drawn by the server: bars on a grid of 600 × 120, readable without colour, with the numbers in a table below.</summary>
/// <param name="Points">The oldest first, one an hour or one a day.</param>
/// <param name="ByDay">Each point is a day of UTC; else an hour.</param>
internal sealed record Plot(string Id, string Title, string Unit, IReadOnlyList<(DateTimeOffset At, long Value)> Points, bool ByDay)
{
    public const int Width = 600;
    public const int Height = 120;

    public long Most => Points.Count == 0 ? 0 : Points.Max(static p => p.Value);

    public long Sum => Points.Sum(static p => p.Value);

    public long Last => Points.Count == 0 ? 0 : Points[^1].Value;

    /// <summary>Left edge, top edge, width and height of each bar.</summary>
    public IEnumerable<(string X, string Y, string Width, string Height, string Title)> Bars()
    {
        var step = (double)Width / Math.Max(1, Points.Count);
        for (var i = 0; i < Points.Count; i++)
        {
            var height = Most == 0 ? 0 : Points[i].Value * (double)(Height - 10) / Most;
            yield return (Say(i * step + step * .1), Say(Height - height), Say(step * .8), Say(height), TimeOf(Points[i].At) + ": " + Points[i].Value.ToString("N0", CultureInfo.InvariantCulture));
        }
    }

    public string TimeOf(DateTimeOffset at) => at.UtcDateTime.ToString(ByDay ? "d MMM" : "d MMM HH:mm", CultureInfo.InvariantCulture);

    private static string Say(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
