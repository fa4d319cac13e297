// Until the pages arrive: stands in for AuthServerUi.cs and ErrorPage.cs. Delete with their arrival.
namespace AuthServer.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
public static class ErrorPage { public static Task WriteAsync(HttpContext http, int status, string title, string explanation, string? code) { http.Response.StatusCode = status; return http.Response.WriteAsync(title); } }
public static class AuthServerUi { public static IServiceCollection AddAuthServerUi(this IServiceCollection s, IConfiguration c) { s.AddRazorPages(); s.AddAntiforgery(); return s; } public static IEndpointRouteBuilder MapAuthServerUi(this IEndpointRouteBuilder a) => a; }
