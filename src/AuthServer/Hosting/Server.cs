using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AuthServer.Hosting;

/// <summary>The web server: built here for <c>serve</c> and for the tests alike.</summary>
internal static class Server
{
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        ApplyDevelopmentDefaults(builder);
        builder.WebHost.ConfigureKestrel((context, kestrel) => Listen(kestrel, context.Configuration, context.HostingEnvironment));
        builder.Services.AddCore(builder.Configuration);
        builder.Services.AddServer(builder.Configuration);
        builder.Services.AddSingleton<StartBanner>();
        return builder;
    }

    public static async Task<int> ServeAsync(string[] args)
    {
        WebApplication? built = null;
        try
        {
            built = CreateBuilder(args).Build();
            await built.Services.GetRequiredService<Preparation>().RunAsync(built.Lifetime.ApplicationStopping);
            built.UsePipeline();
            await built.StartAsync();
        }
        catch (Exception fault) when (StartFaults.Explain(fault) is { } reasons)
        {
            Console.Error.WriteLine("AuthServer does not start:");
            foreach (var reason in reasons) Console.Error.WriteLine("  - " + reason);
            if (built is not null) await built.DisposeAsync();
            return 1;
        }

        await using var app = built;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await app.Services.GetRequiredService<StartBanner>().WriteAsync([.. addresses], app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>What makes the first start work without any setting. Only Development has it; everything can be set otherwise.</summary>
    internal static void ApplyDevelopmentDefaults(WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment() && string.IsNullOrEmpty(builder.Configuration["Issuer"])) builder.Configuration["Issuer"] = "http://localhost:8000";
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, IConfiguration configuration, IHostEnvironment environment)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        kestrel.ConfigureHttpsDefaults(https =>
        {
            if (environment.IsDevelopment()) https.ServerCertificate = DevelopmentCertificate.Open(CertificateFolder(configuration), TimeProvider.System);
        });
        if (!environment.IsDevelopment() || !string.IsNullOrEmpty(configuration["Urls"]) || configuration.GetSection("Kestrel:Endpoints").Exists()) return;

        kestrel.ListenLocalhost(8000);
        kestrel.ListenLocalhost(8443, static o => o.UseHttps());
    }

    /// <summary><c>Certificates:Folder</c>, or <c>certs</c> in AUTHSERVER_HOME.</summary>
    private static string CertificateFolder(IConfiguration configuration) =>
        configuration["Certificates:Folder"] is { Length: > 0 } folder ? folder : HomeFolder.Of(configuration).File("certs");
}
