using System.Numerics;
using System.Reflection;
using Xunit;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>Holds the number of modules to the suite's own count for static clients, so that a row that is lost is noticed.</summary>
public sealed class PlansAreComplete
{
    private static readonly Type[] Modules = [typeof(OidccFlowModules), typeof(OidccClaimModules), typeof(OidccSessionModules), typeof(OidccTokenModules)];

    [Theory]
    [InlineData(ResponseTypeSet.Code, 35)]
    [InlineData(ResponseTypeSet.Implicit, 54)]
    [InlineData(ResponseTypeSet.Hybrid, 96)]
    public void Every_module_of_a_plan_runs(ResponseTypeSet plan, int modules) =>
        Assert.Equal(modules, Runs(Modules).Sum(runs => BitOperations.PopCount((uint)(runs.Types & plan))));

    [Fact]
    public void Every_module_of_the_logout_plan_runs_for_every_response_type()
    {
        var runs = Runs([typeof(OidccRpInitiatedLogoutPlan)]).ToArray();
        Assert.Equal(11, runs.Length);
        Assert.All(runs, static r => Assert.Equal((ResponseTypeSet.All, false), (r.Types, r.FormPost)));
    }

    private static IEnumerable<RunsAttribute> Runs(IEnumerable<Type> modules) =>
        modules.SelectMany(m => m.GetMethods()).Select(m => m.GetCustomAttribute<RunsAttribute>()).OfType<RunsAttribute>();
}
