using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Ui.Forms;

/// <summary>Shows the page once more with what is wrong, under a status that says so to programs as well.</summary>
internal static class PageStatus
{
    public static PageResult Invalid(this PageModel page, int status = StatusCodes.Status422UnprocessableEntity)
    {
        var answer = page.Page();
        answer.StatusCode = status;
        return answer;
    }
}
