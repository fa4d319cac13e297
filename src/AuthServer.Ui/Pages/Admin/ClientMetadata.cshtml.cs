using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients/{id}/metadata</c>: everything about a client, as the metadata it is (RFC 7591 §2), never its secrets.</summary>
internal sealed class ClientMetadataModel(SessionCookie cookie, Actors actors, ClientAdministration clients) : ClientPage(cookie, actors, clients)
{
    // For a text area; the page itself escapes what HTML gives a meaning.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Json
    {
        get
        {
            var metadata = JsonNode.Parse(ClientJson.Write(Registered.Client))!.AsObject();
            metadata.Remove("secrets");
            return metadata.ToJsonString(Readable);
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await LoadAsync(ct) is { } gone) return Ended(gone);
        JsonElement whole;
        try
        {
            whole = JsonElement.Parse(Typed("metadata") ?? "");
        }
        catch (JsonException fault)
        {
            return await RefusedAsync(Refusal.Invalid(new Objection("metadata", "malformed", Texts["Metadata_NotJson", (fault.LineNumber ?? 0) + 1])), ct);
        }

        var patch = new JsonObject();
        if (whole.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in whole.EnumerateObject()) patch[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            // What was deleted from the text goes back to its default.
            foreach (var (name, _) in JsonNode.Parse(Json)!.AsObject()) if (!patch.ContainsKey(name)) patch[name] = null;
        }

        var version = long.TryParse(Typed("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        return await AnswerAsync(await Clients.UpdateAsync(Actor, ClientId, JsonSerializer.SerializeToElement(patch), version, ct), Path + "?done=saved", ct);
    }
}
