using Microsoft.AspNetCore.Http;
using Smxp.Host.Delegations;

namespace Smxp.Host.Tests.Delegations;

public sealed class DelegateCallScopeTests
{
    [Theory]
    [InlineData("GET", "/.smxp/mail/inbox", DelegationScope.Read)]
    [InlineData("GET", "/.smxp/mail/messages/abc_-1", DelegationScope.Read)]
    [InlineData("GET", "/.smxp/mail/messages/abc/render", DelegationScope.Read)]
    [InlineData("GET", "/.smxp/mail/threads/abc", DelegationScope.Read)]
    [InlineData("GET", "/.smxp/mail/search", DelegationScope.Read)]
    [InlineData("POST", "/.smxp/mail/send", DelegationScope.Manage)]
    [InlineData("POST", "/.smxp/mail/messages/abc/edit", DelegationScope.Manage)]
    [InlineData("POST", "/.smxp/mail/messages/abc/delete", DelegationScope.Manage)]
    [InlineData("POST", "/.smxp/mail/messages/abc/read", DelegationScope.Manage)]
    [InlineData("POST", "/.smxp/mail/conversations/a%20b/ack", DelegationScope.Manage)]
    public void Names_the_scope_that_a_request_needs(string method, string path, string expected)
    {
        Assert.True(DelegateCallScope.TryResolve(method, path, out _, out string? scope));
        Assert.Equal(expected, scope);
    }

    [Theory]
    [InlineData("GET", "/.smxp/mail/send")]
    [InlineData("POST", "/.smxp/mail/inbox")]
    [InlineData("DELETE", "/.smxp/mail/inbox")]
    [InlineData("get", "/.smxp/mail/inbox")]
    [InlineData("GET", "/.smxp/account/info")]
    [InlineData("GET", "/.smxp/admin/domains")]
    [InlineData("POST", "/.smxp/delegations")]
    [InlineData("GET", "/.smxp/stream")]
    [InlineData("GET", "/.smxp/mail")]
    [InlineData("GET", "/.smxp/mail/")]
    [InlineData("GET", "/.smxp/mail/inbox/")]
    [InlineData("GET", "//.smxp/mail/inbox")]
    [InlineData("GET", "/.SMXP/mail/inbox")]
    [InlineData("GET", "/.smxp/mail/../account/info")]
    [InlineData("GET", "/.smxp/mail/messages/..")]
    [InlineData("GET", "/.smxp/mail/messages/%2e%2e")]
    [InlineData("GET", "/.smxp/mail/messages/%2e%2e/render")]
    [InlineData("GET", "/.smxp/mail/messages/..%2f..%2faccount%2finfo")]
    [InlineData("GET", "/.smxp/mail/messages/%252e%252e")]
    [InlineData("GET", "/.smxp/mail/messages/a%5cb")]
    [InlineData("GET", "/.smxp/mail/messages/a\\b")]
    [InlineData("GET", "/.smxp/mail/messages/a%00")]
    [InlineData("GET", "/.smxp/mail/messages/a%0d%0aX:%20y")]
    [InlineData("GET", "/.smxp/mail/messages/a?x=1")]
    [InlineData("GET", "/.smxp/mail/messages/a%3fx")]
    [InlineData("GET", "/.smxp/mail/messages/%ff")]
    [InlineData("GET", "http://example.test/.smxp/mail/inbox")]
    [InlineData("GET", "")]
    public void Knows_no_other_request(string method, string path) => Assert.False(DelegateCallScope.TryResolve(method, path, out PathString _, out _));
}
