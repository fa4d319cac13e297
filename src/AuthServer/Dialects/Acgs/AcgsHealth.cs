using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Acgs;

/// <summary>The health answer in the documented shape. There is no Redis here: what it did for ACGS the database does, so both stand and fall together.</summary>
internal sealed class AcgsHealth(DialectHealth health, TimeProvider clock)
{
    public async Task<IResult> AnswerAsync(DialectRequest request, CancellationToken ct)
    {
        if (!await health.DatabaseAnswersAsync(ct))
            return Raw.Json(StatusCodes.Status503ServiceUnavailable, new JsonObject { ["status"] = "unhealthy", ["error"] = "Database connection failed", ["timestamp"] = AcgsAnswers.Naive(clock.GetUtcNow()) });
        return AcgsAnswers.Ok(new JsonObject
        {
            ["status"] = "healthy", ["service"] = "auth_service", ["version"] = "2.1.0", ["uptime"] = ((long)health.Uptime.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["dependencies"] = new JsonObject { ["database"] = "connected", ["redis"] = "connected" },
        });
    }
}
