using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Storage;

/// <summary>Counts the commands sent to the database, so that a test can hold every endpoint to its budget.</summary>
internal sealed class CommandCounter
{
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Set by a test that wants to see the texts; null otherwise, so that nothing is kept.</summary>
    public ConcurrentQueue<string>? Texts { get; set; }

    public void Count(string sql)
    {
        Interlocked.Increment(ref _total);
        Texts?.Enqueue(sql);
    }
}

/// <summary>EF Core's commands count as well.</summary>
internal sealed class CommandCounterInterceptor(CommandCounter counter) : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Counted(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Counted(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Counted(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Counted(command, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Counted(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Counted(command, result));

    private InterceptionResult<T> Counted<T>(DbCommand command, InterceptionResult<T> result)
    {
        counter.Count(command.CommandText);
        return result;
    }
}
