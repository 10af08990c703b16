using Smxp.Protocol;

namespace Smxp.Plugins.Bridge;

/// <summary>
/// A bridge that carries messages to addresses of domains served here: those of a hybrid domain that are still elsewhere, those that stand for somebody in the other world.
/// Optional, beside <see cref="IBridge"/>. Called for every message to a local domain, from several threads: answer from memory where you can.
/// </summary>
public interface IRecipientClaims
{
    /// <summary>Whether the bridge carries this message; null to leave it to inboxes and routes. An exception refuses the message for now (503).</summary>
    ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken);
}

/// <summary>A message to an address of a domain served here.</summary>
/// <param name="Recipient">The address.</param>
/// <param name="Author">Who wrote the message; its domain's key, or a session here, vouches for that.</param>
/// <param name="Origin">The way it came: <c>smxp</c>, <c>local</c>, or a bridge's name. Bridges are not asked about what they brought themselves.</param>
/// <param name="HasInbox">Whether there is an inbox or a route for the address.</param>
public sealed record RecipientQuestion(Address Recipient, Address Author, string Origin, bool HasInbox);

/// <summary>What a bridge does with a message.</summary>
/// <param name="Transport">The transport of the bridge that carries it; it is handed the envelope as it stands.</param>
/// <param name="Alongside">Whether inboxes and routes get it as well; false keeps it from them.</param>
/// <param name="Refusal">Why this author may not write to this address, in words for him; null where he may. A refusal needs no transport.</param>
/// <param name="RetryAfter">With a refusal: that it holds for now only, and when to come again.</param>
/// <param name="Destination">What waits together and shares a limit on attempts at a time; null for the recipient's domain.</param>
public sealed record RecipientClaim(string Transport, bool Alongside = false, string? Refusal = null, TimeSpan? RetryAfter = null, string? Destination = null);
