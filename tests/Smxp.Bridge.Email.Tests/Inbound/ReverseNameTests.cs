using System.Net;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Tests.Inbound;

public sealed class ReverseNameTests
{
    [Theory]
    [InlineData("192.0.2.99", "99.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void An_address_has_a_name(string address, string name) => Assert.Equal(name, ReverseName.OfAddress(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.3.7", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    public void A_network_holds_its_addresses_in_either_form(string address, bool isIn) =>
        Assert.Equal(isIn, new Networks(["192.0.2.0/24", "2001:db8::/32"]).Contain(IPAddress.Parse(address)));
}
