using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Testing;

/// <summary>Lets a request say which address it comes from: a server in memory has no connections. <c>Services = TestAddress.Add</c>.</summary>
public sealed class TestAddress : IStartupFilter
{
    public const string Header = "Test-Address";

    public static void Add(IServiceCollection services) => services.AddSingleton<IStartupFilter, TestAddress>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, following) =>
        {
            if (IPAddress.TryParse(http.Request.Headers[Header], out var address)) http.Connection.RemoteIpAddress = address;
            return following(http);
        });
        next(app);
    };
}
