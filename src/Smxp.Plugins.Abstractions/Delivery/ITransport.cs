using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Delivery;

/// <summary>A way out: <c>smxp</c>, <c>email</c>. Called from several threads.</summary>
public interface ITransport
{
    /// <summary>The name in rows and logs.</summary>
    string Name { get; }

    /// <summary>Where it stands among the transports: lower is asked first. <c>smxp</c> is 100, <c>email</c> 200.</summary>
    int Order { get; }

    /// <summary>How long a message waits before its first attempt, so that its author may still change it or take it back; zero for not at all. What was changed by then leaves once, as it is then.</summary>
    TimeSpan HoldTime => TimeSpan.Zero;

    /// <summary>Whether this transport leads to the recipient. Answers from caches where it can.</summary>
    ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken);

    /// <summary>Tries once to hand over. Every outcome is a value; an exception counts as <see cref="HandOverKind.Faulted"/>. It honours the token within a second.</summary>
    Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken);

    /// <summary>The operator wants what waits tried now, so that servers which did not answer a moment ago are to be asked all the same. Called on the node that was told, before the attempts.</summary>
    void ForgetFailures()
    {
    }
}

/// <summary>Whether a transport leads to a recipient.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Reason">What was looked up and found, in words for the sender; may be null for Yes.</param>
public sealed record Reach(ReachKind Kind, string? Reason = null);

/// <summary>The verdict on a recipient.</summary>
public enum ReachKind
{
    /// <summary>This way.</summary>
    Yes,

    /// <summary>Not this way; ask the next transport.</summary>
    No,

    /// <summary>It could not be found out now; try again later, and do not ask the next.</summary>
    Unknown,

    /// <summary>The recipient's side says that it takes no mail at all (e.g. null MX). Final.</summary>
    Refused,
}

/// <summary>What an attempt came to.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Error">The other side's words, or ours, for the sender; for Accepted a remark, mostly null.</param>
/// <param name="RetryAfter">When the other side asked for a pause.</param>
public sealed record HandOver(HandOverKind Kind, string? Error = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The other side's last words, for whoever asks later what became of it; null where there were none, or they are the error.</summary>
    public string? Reply { get; init; }

    /// <summary>What a bridge remembers of the attempt; written when it is settled, in the same transaction. None may be unique.</summary>
    public IReadOnlyList<BridgeRecord> Records { get; init; } = [];
}

/// <summary>The outcome of an attempt.</summary>
public enum HandOverKind
{
    /// <summary>The other side has it on record.</summary>
    Accepted,

    /// <summary>Not now; try again.</summary>
    Deferred,

    /// <summary>Never; tell the sender.</summary>
    Rejected,

    /// <summary>Something is wrong with the entry, or here; an exception counts as this. Tried again a few times, then parked for the operator, so that nothing poisonous goes round for ever.</summary>
    Faulted,
}
