using System.Data;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Storage;

/// <summary>A claim out of the JSON of a person's profile, in a query, in capitals. It compares by its bytes, so that the capitals are those of A to Z in both databases.</summary>
internal static class ProfileClaim
{
    /// <param name="name">A constant of ours, never something that was sent.</param>
    public static string? InCapitals(string profile, string name) => throw new InvalidOperationException($"The claim {name} is read by the database only.");

    public static void Map(ModelBuilder builder, bool sqlite) => builder.HasDbFunction(typeof(ProfileClaim).GetMethod(nameof(InCapitals))!).HasTranslation(arguments =>
    {
        var name = (string)((SqlConstantExpression)arguments[1]).Value!;
        return Function("upper", true, sqlite
            ? Function("json_extract", false, arguments[0], new SqlConstantExpression("$." + name, Text))
            : new CollateExpression(Function("jsonb_extract_path_text", false, new SqlUnaryExpression(ExpressionType.Convert, arguments[0], typeof(string), new StringTypeMapping("jsonb", DbType.Object)), new SqlConstantExpression(name, Text)), "C"));
    });

    private static readonly StringTypeMapping Text = new("text", DbType.String);

    /// <param name="nullOfNullOnly">False: there may be no such claim in a profile that is there.</param>
    private static SqlFunctionExpression Function(string name, bool nullOfNullOnly, params SqlExpression[] arguments) =>
        new(name, arguments, nullable: true, argumentsPropagateNullability: arguments.Select(_ => nullOfNullOnly), typeof(string), Text);
}
