using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Protocol;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

public sealed class FirstAdministratorTests
{
    [Fact]
    public async Task The_code_makes_one_administrator_and_is_used_up()
    {
        using var bench = new AccountsBench();
        var code = await NewCodeAsync(bench);
        Assert.True(await bench.FirstAdministrator.IsOpenAsync(code, CancellationToken.None));
        var user = Assert.IsType<RegistrationOutcome.Registered>(await CreateAsync(bench, code, "root")).User;
        Assert.True(user.IsAdministrator);
        Assert.Equal(new AuditEvent(AuditKind.AdministratorCreated, Subject: user.Id, Address: "192.0.2.1"), Assert.Single(bench.Audit.Events));
        Assert.False(await bench.FirstAdministrator.IsOpenAsync(code, CancellationToken.None));
        Assert.IsType<RegistrationOutcome.Invalid>(await CreateAsync(bench, code, "second"));
        Assert.Null(await bench.FirstAdministrator.NewCodeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_older_code_is_closed_as_soon_as_there_is_an_administrator()
    {
        using var bench = new AccountsBench();
        var (first, second) = (await NewCodeAsync(bench), await NewCodeAsync(bench));
        Assert.IsType<RegistrationOutcome.Registered>(await CreateAsync(bench, first, "root"));
        Assert.IsType<RegistrationOutcome.Invalid>(await CreateAsync(bench, second, "second"));
        Assert.Single(bench.Users.All);
    }

    [Fact]
    public async Task A_form_to_be_mended_does_not_cost_the_code()
    {
        using var bench = new AccountsBench();
        var code = await NewCodeAsync(bench);
        Assert.IsType<RegistrationOutcome.Invalid>(await bench.FirstAdministrator.CreateAsync(code, AccountsBench.Form("root", "short"), null, CancellationToken.None));
        Assert.IsType<RegistrationOutcome.Registered>(await CreateAsync(bench, code, "root"));
    }

    [Fact]
    public async Task A_busy_machine_does_not_cost_the_code()
    {
        using var bench = new AccountsBench(settings: [("ParallelHashes", "1"), ("HashQueue", "1")]);
        using var hashing = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        bench.Hasher.Working = () =>
        {
            hashing.Release();
            go.Wait();
        };
        var code = await NewCodeAsync(bench);
        Task[] flood = [bench.AttemptAsync("a"), bench.AttemptAsync("b")];
        await hashing.WaitAsync();
        Assert.IsType<RegistrationOutcome.Busy>(await CreateAsync(bench, code, "root"));
        go.Set();
        await Task.WhenAll(flood);
        Assert.IsType<RegistrationOutcome.Registered>(await CreateAsync(bench, code, "root"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guess")]
    public async Task A_code_that_is_none_opens_nothing(string? code)
    {
        using var bench = new AccountsBench();
        await NewCodeAsync(bench);
        Assert.False(await bench.FirstAdministrator.IsOpenAsync(code, CancellationToken.None));
        Assert.False(await bench.FirstAdministrator.IsOpenAsync(Handle.New().Reveal(), CancellationToken.None));
        Assert.IsType<RegistrationOutcome.Invalid>(await CreateAsync(bench, code ?? "", "root"));
    }

    [Fact]
    public async Task A_code_is_open_for_a_day()
    {
        using var bench = new AccountsBench();
        var code = await NewCodeAsync(bench);
        bench.Clock.Advance(TimeSpan.FromHours(24));
        Assert.False(await bench.FirstAdministrator.IsOpenAsync(code, CancellationToken.None));
        Assert.IsType<RegistrationOutcome.Invalid>(await CreateAsync(bench, code, "root"));
    }

    [Fact]
    public async Task Parallel_uses_of_a_code_make_one_administrator()
    {
        using var bench = new AccountsBench(settings: [("HashQueue", "1000")]);
        var code = await NewCodeAsync(bench);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = 0;
        var arrived = 0;
        bench.SetupCodes.AnyAdministrator = static () => false;
        bench.Users.BeforeCreate = () => Interlocked.Increment(ref made);
        bench.SetupCodes.AfterLook = () =>
        {
            if (Interlocked.Increment(ref arrived) == 50) all.SetResult();
            return all.Task;
        };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => CreateAsync(bench, code, $"root{i}"))));
        Assert.Single(outcomes, o => o is RegistrationOutcome.Registered);
        Assert.Equal(1, made);
    }

    private static async Task<string> NewCodeAsync(AccountsBench bench) => (await bench.FirstAdministrator.NewCodeAsync(CancellationToken.None))!;

    private static Task<RegistrationOutcome> CreateAsync(AccountsBench bench, string code, string name) =>
        bench.FirstAdministrator.CreateAsync(code, AccountsBench.Form(name), "192.0.2.1", CancellationToken.None);
}
