using AuthServer.Engine.Clients;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui;

/// <summary>A scope in words of people: the operator's own, else ours for the standard ones, else its bare name.</summary>
internal sealed record ScopeText(string Title, string? Note)
{
    public static ScopeText Of(ScopeDefinition scope, IStringLocalizer<Texts> texts)
    {
        if (scope.DisplayName is { } name) return new(name, scope.Description);
        if (scope.Description is { } description) return new(description, null);

        var title = texts["Scope_" + scope.Name];
        if (title.ResourceNotFound) return new(texts["Scope_Other", scope.Name], null);
        var note = texts["Scope_" + scope.Name + "_Note"];
        return new(title, note.ResourceNotFound ? null : note.Value);
    }
}
