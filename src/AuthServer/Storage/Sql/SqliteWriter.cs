using System.Collections.Concurrent;

namespace AuthServer.Storage.Sql;

/// <summary>
/// The one writer of a SQLite file. What arrives while a commit is under way is committed together with the next one: a sync to disk costs far more than the rows, and
/// nobody is answered before his rows are safe. Each write still stands for itself: where one fails, the group is undone and every write runs alone.
/// </summary>
internal sealed class SqliteWriter(Func<SqliteLine> open) : IDisposable
{
    /// <summary>Writes in one commit, so that the first does not wait for an endless row of others.</summary>
    private const int Most = 128;

    private readonly ConcurrentQueue<Write> _waiting = new();
    private readonly List<Write> _group = new(Most);
    private SqliteLine? _line;
    private int _busy;

    /// <param name="write">May run twice, the first time without effect; so it does nothing but SQL.</param>
    /// <param name="several">More than one statement: all or nothing.</param>
    public Task<T> RunAsync<T>(Func<SqliteLine, T> write, bool several, CancellationToken ct)
    {
        var mine = new Write<T>(write, several, ct);
        _waiting.Enqueue(mine);
        // A quiet database serves its caller at once, on the caller's thread.
        if (Interlocked.CompareExchange(ref _busy, 1, 0) == 0) CommitNext();
        return mine.Task;
    }

    public void Dispose() => _line?.Dispose();

    /// <summary>Called by whoever set <see cref="_busy"/>. One group; the next belongs to the pool, so that no request works for the others for ever.</summary>
    private void CommitNext()
    {
        while (_group.Count < Most && _waiting.TryDequeue(out var write))
        {
            if (!write.IsCancelled()) _group.Add(write);
        }

        if (_group.Count == 1) Alone(_group[0]);
        else if (_group.Count > 1) Together();
        _group.Clear();

        // A full fence: whoever queued before it is seen below, whoever queued after it finds the writer free.
        Interlocked.Exchange(ref _busy, 0);
        if (!_waiting.IsEmpty && Interlocked.CompareExchange(ref _busy, 1, 0) == 0) ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.CommitNext(), this, preferLocal: false);
    }

    private void Together()
    {
        var alone = false;
        try
        {
            _line ??= open();
            _line.Execute("BEGIN IMMEDIATE");
            alone = true;
            foreach (var write in _group) write.Run(_line);
            // From here on nobody may run again: a commit that reports a fault may have happened.
            alone = false;
            _line.Execute("COMMIT");
        }
        catch (Exception fault)
        {
            GiveUp();
            foreach (var write in _group)
            {
                if (alone) Alone(write);
                else write.Fail(fault);
            }

            return;
        }

        foreach (var write in _group) write.Complete();
    }

    private void Alone(Write write)
    {
        try
        {
            _line ??= open();
            if (write.Several) _line.Execute("BEGIN IMMEDIATE");
            write.Run(_line);
            if (write.Several) _line.Execute("COMMIT");
        }
        catch (Exception fault)
        {
            GiveUp();
            write.Fail(fault);
            return;
        }

        write.Complete();
    }

    /// <summary>Closing is the rollback: a ROLLBACK of its own would hide the fault where the database has rolled back by itself (disk full).</summary>
    private void GiveUp()
    {
        _line?.Dispose();
        _line = null;
    }

    private abstract class Write(bool several)
    {
        public bool Several => several;

        public abstract bool IsCancelled();

        public abstract void Run(SqliteLine line);

        public abstract void Complete();

        public abstract void Fail(Exception fault);
    }

    private sealed class Write<T>(Func<SqliteLine, T> write, bool several, CancellationToken ct) : Write(several)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override bool IsCancelled() => ct.IsCancellationRequested && _done.TrySetCanceled(ct);

        public override void Run(SqliteLine line) => _result = write(line);

        public override void Complete() => _done.SetResult(_result);

        public override void Fail(Exception fault) => _done.SetException(fault);
    }
}
