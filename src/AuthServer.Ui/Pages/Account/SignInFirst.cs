using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Account;

/// <summary>To the sign-in page, and from there back to the page that was asked for.</summary>
internal static class SignInFirst
{
    /// <param name="again">Also where the person is signed in: they have to show that it is still them.</param>
    public static RedirectResult At(HttpContext http, bool again)
    {
        var query = SignInTarget.Of(null, http.Request.Path.Value).Query;
        return new RedirectResult("~/login" + query + (again ? (query.Length > 0 ? "&" : "?") + "again=true" : ""));
    }
}
