using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Finds out in whose name a request sends, and whether it may: its own, or that of an owner who delegated <c>send</c> or <c>manage</c>.</summary>
internal sealed class AuthorResolver(LocalDirectory directory, DelegationPolicy policy)
{
    /// <param name="actor">Who asks.</param>
    /// <param name="from">The author the body names; null for the actor.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async ValueTask<Author> ResolveAsync(Actor actor, string? from, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(from)) return new Author(null, actor.Mailbox, actor.Delegate, false);
        if (!Address.TryParse(from, out Address? author)) return new Author(Rejection.Malformed("from is not an address"), actor.Mailbox, null, false);
        if (author == actor.Mailbox) return new Author(null, author, actor.Delegate, false);
        // Delegations do not pass on: who acts for somebody cannot act for a third.
        if (actor.Delegate is not null) return new Author(Rejection.Forbidden($"no delegation to send for {author}"), author, null, false);
        // Whether a delegate may send for an owner elsewhere is for the owner's server to say.
        if (!await directory.IsLocalAsync(author.Domain, cancellationToken)) return new Author(null, author, actor.Mailbox, true);
        return await policy.AllowsAsync(author, actor.Mailbox, DelegationScope.Send, cancellationToken)
            ? new Author(null, author, actor.Mailbox, false)
            : new Author(Rejection.Forbidden($"no delegation to send for {author}"), author, null, false);
    }
}

/// <summary>In whose name, by which delegate, and whether the author's domain is served elsewhere.</summary>
internal sealed record Author(Rejection? Rejection, Address Address, Address? Delegate, bool IsRemote);
