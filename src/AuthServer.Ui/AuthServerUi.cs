using System.Text.Encodings.Web;
using System.Text.Unicode;
using AuthServer.Engine.Protocol;
using AuthServer.Ui.Branding;
using AuthServer.Ui.Languages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace AuthServer.Ui;

/// <summary>Puts the pages into a host.</summary>
public static class AuthServerUi
{
    public static IServiceCollection AddAuthServerUi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<BrandingOptions>, BrandingOptionsRules>();
        services.AddOptions<BrandingOptions>()
            .Bind(configuration.GetSection(BrandingOptions.Section), static binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<Theme>();
        services.AddSingleton<UiAssets>().AddSingleton<ClientThemes>();

        services.AddLocalization();
        services.AddSingleton<LanguageCookie>();
        // Names and typographic quotes as they are; what HTML gives a meaning is escaped all the same.
        services.Configure<WebEncoderOptions>(static o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(static o => o.Conventions.ConfigureFilter(new NeverStored()).ConfigureFilter(new RequestLanguage()))
            .AddViewLocalization()
            .ConfigureApplicationPartManager(AddPages);

        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<Issuer>(static (o, issuer) =>
        {
            o.Cookie.Name = issuer.IsHttps ? "__Host-csrf" : "csrf";
            o.Cookie.SecurePolicy = issuer.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            o.Cookie.Path = "/";
            // Strict would be left out when an app sends the browser here, a new cookie would be set, and the form of an older tab would break.
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.FormFieldName = "csrf";
            o.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    public static IEndpointRouteBuilder MapAuthServerUi(this IEndpointRouteBuilder app)
    {
        var themes = app.ServiceProvider.GetRequiredService<ClientThemes>();
        app.MapMethods(UiAssets.Route, [HttpMethods.Get, HttpMethods.Head], themes.ServeAsync).WithMetadata(new OpenRouteAttribute("style sheet, script and icon"));
        app.Map("/error/{status:int?}", ErrorPage.WriteStatusAsync).WithMetadata(new OpenRouteAttribute("says what a status means"));
        app.MapGet(LanguageChoice.Path, LanguageChoice.Handle).WithMetadata(new OpenRouteAttribute("the reader's language"));
        app.MapRazorPages();
        return app;
    }

    /// <summary>First of all parts of the pipeline.</summary>
    public static IApplicationBuilder UseAuthServerUiLanguage(this IApplicationBuilder app) => app.UseMiddleware<ReaderLanguage>();

    /// <summary>An answer that is only a status becomes a page, where it is a person who waits for it.</summary>
    public static IApplicationBuilder UseAuthServerUiStatusPages(this IApplicationBuilder app) => app.UseWhen(
        static http => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
        static people => people.UseStatusCodePagesWithReExecute("/error/{0}"));

    /// <summary>The host's own parts usually hold this library already: twice would be ambiguous.</summary>
    private static void AddPages(ApplicationPartManager parts)
    {
        var assembly = typeof(AuthServerUi).Assembly;
        if (parts.ApplicationParts.OfType<CompiledRazorAssemblyPart>().Any(part => part.Assembly == assembly)) return;
        parts.ApplicationParts.Add(new AssemblyPart(assembly));
        parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(assembly));
    }

    private sealed class NeverStored : IResultFilter
    {
        public void OnResultExecuting(ResultExecutingContext context) => context.HttpContext.Response.Headers.CacheControl = "no-cache, no-store";

        public void OnResultExecuted(ResultExecutedContext context)
        {
        }
    }
}
