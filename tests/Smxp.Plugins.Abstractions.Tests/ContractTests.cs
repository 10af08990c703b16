namespace Smxp.Plugins.Abstractions.Tests;

public sealed class ContractTests
{
    [Fact]
    public void Every_contract_is_small()
    {
        var large = typeof(IPlugin).Assembly.GetExportedTypes().Where(type => type.IsInterface).Where(type => type.GetMembers().Count(member => member is not System.Reflection.MethodInfo { IsSpecialName: true }) > 7);
        Assert.Empty(large.Select(type => type.FullName));
    }

    [Fact]
    public void Every_slot_has_a_contract_of_its_own() => Assert.Equal(PluginContract.Slots.Values.Distinct(), PluginContract.Slots.Values);
}
