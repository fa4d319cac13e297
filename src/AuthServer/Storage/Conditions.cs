using System.Linq.Expressions;
using AuthServer.Engine.Administration;

namespace AuthServer.Storage;

/// <summary>A column that holds text.</summary>
/// <param name="Fold">What is done to a value before it is compared: what the column had done to its own.</param>
internal sealed record TextColumn<TRow>(Expression<Func<TRow, string?>> Value, Func<string, string> Fold)
{
    /// <summary>Compared as it is written.</summary>
    public static implicit operator TextColumn<TRow>(Expression<Func<TRow, string?>> value) => new(value, static v => v);
}

/// <summary>What the fields of a <see cref="Condition"/> are in one table.</summary>
internal sealed record ConditionColumns<TRow>(
    IReadOnlyDictionary<EntryField, TextColumn<TRow>> Texts, IReadOnlyDictionary<EntryField, Expression<Func<TRow, DateTimeOffset>>> Times,
    Expression<Func<TRow, bool>>? Disabled, Func<string?, Expression<Func<TRow, bool>>> Joined);

/// <summary>Makes of a <see cref="Condition"/> what the database can answer. Values are parameters always.</summary>
internal static class Conditions
{
    /// <summary>Behind every character.</summary>
    private const string Last = "\U0010FFFF";

    public static Expression<Func<TRow, bool>> In<TRow>(this Condition condition, ConditionColumns<TRow> columns) => condition switch
    {
        Condition.And and => Joined(and.Of, columns, Expression.AndAlso, true),
        Condition.Or or => Joined(or.Of, columns, Expression.OrElse, false),
        Condition.Not not => not.Of.In(columns) is var inner ? Expression.Lambda<Func<TRow, bool>>(Expression.Not(inner.Body), inner.Parameters) : throw Unknown(condition),
        Condition.Has { Field: EntryField.Id or EntryField.Name or EntryField.CreatedAt or EntryField.UpdatedAt or EntryField.Disabled } => static _ => true,
        Condition.Has has => Inline<TRow, string?>(columns.Texts[has.Field].Value, static value => value != null),
        Condition.Text text when columns.Texts[text.Field] is var column => Inline<TRow, string?>(column.Value, Test(text.Comparison, column.Fold(text.Value))),
        Condition.Time time => Inline(columns.Times[time.Field], Test(time.Comparison, time.Value)),
        Condition.IsDisabled disabled when columns.Disabled is { } column => Inline<TRow, bool>(column, Is(disabled.Value)),
        Condition.Joined joined => columns.Joined(joined.Id),
        _ => throw Unknown(condition),
    };

    public static IQueryable<TRow> Sorted<TRow>(this IQueryable<TRow> rows, EntryOrder order, ConditionColumns<TRow> columns, Expression<Func<TRow, string>> id)
    {
        var sorted = columns.Times.TryGetValue(order.Field, out var time) ? (order.Down ? rows.OrderByDescending(time) : rows.OrderBy(time))
            : columns.Texts[order.Field].Value is var text && order.Down ? rows.OrderByDescending(text) : rows.OrderBy(columns.Texts[order.Field].Value);
        return order.Down ? sorted.ThenByDescending(id) : sorted.ThenBy(id);
    }

    private static Expression<Func<string?, bool>> Test(Comparison comparison, string value)
    {
        var end = value + Last;
        return comparison switch
        {
            Comparison.Equal => text => text == value,
            Comparison.NotEqual => text => text != value,
            Comparison.Contains => text => text != null && text.Contains(value),
            // A range, which an index answers.
            Comparison.StartsWith => text => text != null && text.CompareTo(value) >= 0 && text.CompareTo(end) < 0,
            Comparison.EndsWith => text => text != null && text.EndsWith(value),
            Comparison.Greater => text => text != null && text.CompareTo(value) > 0,
            Comparison.GreaterOrEqual => text => text != null && text.CompareTo(value) >= 0,
            Comparison.Less => text => text != null && text.CompareTo(value) < 0,
            _ => text => text != null && text.CompareTo(value) <= 0,
        };
    }

    private static Expression<Func<DateTimeOffset, bool>> Test(Comparison comparison, DateTimeOffset value) => comparison switch
    {
        Comparison.Equal => time => time == value,
        Comparison.NotEqual => time => time != value,
        Comparison.Greater => time => time > value,
        Comparison.GreaterOrEqual => time => time >= value,
        Comparison.Less => time => time < value,
        Comparison.LessOrEqual => time => time <= value,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static Expression<Func<bool, bool>> Is(bool wanted) => value => value == wanted;

    private static Expression<Func<TRow, bool>> Joined<TRow>(IReadOnlyList<Condition> of, ConditionColumns<TRow> columns, Func<Expression, Expression, Expression> join, bool empty)
    {
        if (of.Count == 0) return empty ? static _ => true : static _ => false;
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, bool>>(of.Select(c => c.In(columns)).Select(c => new Replacing(c.Parameters[0], row).Visit(c.Body)!).Aggregate(join), row);
    }

    private static Expression<Func<TRow, bool>> Inline<TRow, TValue>(Expression<Func<TRow, TValue>> column, Expression<Func<TValue, bool>> test) =>
        Expression.Lambda<Func<TRow, bool>>(new Replacing(test.Parameters[0], column.Body).Visit(test.Body)!, column.Parameters);

    private static ArgumentException Unknown(Condition condition) => new("Nothing of this table: " + condition.GetType().Name, nameof(condition));

    private sealed class Replacing(Expression old, Expression replacement) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == old ? replacement : base.Visit(node);
    }
}
