using System.Text.Json;
using System.Text.Json.Serialization;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>One line of the ledger: a mail that became a message, a message that became a mail, or one that was turned away at the border.</summary>
internal sealed record Crossing
{
    private const int CurrentVersion = 1;

    // Whoever sends one notification sends ten.
    private const int MostHeard = 20;

    /// <summary>The form it is stored in.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>When the mail came, or the message was sent, Unix seconds.</summary>
    public required long At { get; init; }

    /// <summary>See <see cref="CrossingDirection"/>.</summary>
    public required string Direction { get; init; }

    /// <summary>See <see cref="CrossingOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The author.</summary>
    public string? From { get; init; }

    /// <summary>The recipient.</summary>
    public string? To { get; init; }

    /// <summary>The message's id; null for what became none. Stands in the key, since a mail's is known only when it is signed.</summary>
    public string? Id { get; init; }

    /// <summary>The mail's Message-ID, without brackets.</summary>
    public string? MessageId { get; init; }

    /// <summary>The outbox entry that carries it out.</summary>
    public string? OutboxId { get; init; }

    /// <summary>What tells this mail's content from another's.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Who brought it; noted for what was turned away, since for all else the trace line says it.</summary>
    public string? Client { get; init; }

    /// <summary>What became of what, in words.</summary>
    public IReadOnlyList<string>? Became { get; init; }

    /// <summary>The conversation it was put in.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Why that one, in words.</summary>
    public string? Evidence { get; init; }

    /// <summary>The last words spoken: ours to the client for a mail in, the other server's for a mail out.</summary>
    public string? Reply { get; init; }

    /// <summary>The attempts to carry it out, oldest first.</summary>
    public IReadOnlyList<CrossingAttempt>? Attempts { get; init; }

    /// <summary>When it was given up, Unix seconds, where no attempt says so; null otherwise.</summary>
    public long? EndedAt { get; init; }

    /// <summary>What was heard of it after it had gone on, oldest first.</summary>
    public IReadOnlyList<CrossingAttempt>? Heard { get; init; }

    /// <summary>The line of a mail that left, with what was heard of it since. What has failed stays so.</summary>
    public Crossing With(CrossingAttempt news) => this with
    {
        Outcome = news.Outcome == CrossingOutcome.Failed ? CrossingOutcome.Failed : Outcome,
        Heard = [.. (Heard ?? []).TakeLast(MostHeard - 1), news],
    };

    /// <summary>The record's value: everything that its key does not say.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this with { Id = null, OutboxId = null }, CrossingJson.Default.Crossing);

    public static Crossing Read(string key, byte[] value)
    {
        var crossing = JsonSerializer.Deserialize(value, CrossingJson.Default.Crossing) ?? throw new InvalidDataException("A line of the ledger is empty.");
        if (crossing.Version != CurrentVersion) throw new InvalidDataException($"A line of the ledger has version {crossing.Version}; this server knows {CurrentVersion}.");
        var (id, outboxId) = CrossingKey.Parse(key);
        return crossing with { Id = id, OutboxId = outboxId };
    }
}

/// <summary>One attempt to hand a mail over, or what was heard of it later.</summary>
/// <param name="At">When, Unix seconds.</param>
/// <param name="Outcome">See <see cref="CrossingOutcome"/>.</param>
/// <param name="Reply">What was answered, or what was in the way.</param>
internal sealed record CrossingAttempt(long At, string Outcome, string? Reply);

/// <summary>Which way something crossed.</summary>
internal static class CrossingDirection
{
    public const string In = "in";
    public const string Out = "out";

    /// <summary>A mail carried on as it came.</summary>
    public const string Relay = "relay";
}

/// <summary>What came of it.</summary>
internal static class CrossingOutcome
{
    /// <summary>Mail in: it became a message, and the client was told 250.</summary>
    public const string Accepted = "accepted";

    /// <summary>Mail in: the mailbox had it already; the client was told 250 all the same.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Mail in: the client was told no, or not now.</summary>
    public const string Refused = "refused";

    /// <summary>Mail in: it spoke of a message that had left here, and took effect on that one; the client was told 250.</summary>
    public const string Reported = "reported";

    /// <summary>Mail out: the other server has it.</summary>
    public const string Sent = "sent";

    /// <summary>Mail out: it is to be tried again.</summary>
    public const string Waiting = "waiting";

    /// <summary>Mail out: given up, or returned.</summary>
    public const string Failed = "failed";

    public static bool IsKnown(string outcome) => outcome is Accepted or Duplicate or Refused or Reported or Sent or Waiting or Failed;
}

/// <summary>How lines are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Crossing))]
internal sealed partial class CrossingJson : JsonSerializerContext;
