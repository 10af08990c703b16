using System.Text;
using Smxp.Host.Configuration;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>
/// Makes the forward that a route to another server asks for (SMXP §11). It says the same whenever it is made again, so that its content id repeats, and a unique record, committed with it, makes
/// sure that each target is sent an original at most once, whichever way it comes round: loops end here (SMXP §6).
/// </summary>
internal sealed class Forwarder(EnvelopeSigner signer, OutboxEntries entries, IBridgeState records, SmxpOptions options)
{
    private const string Ledger = "routes";
    private const int LongestKey = 512;

    /// <summary>The forward as an outbox entry with its record; null where its target has the original already.</summary>
    public async ValueTask<PreparedForward?> PrepareAsync(SignedEnvelope envelope, RoutedForward forward, long now, CancellationToken cancellationToken)
    {
        (SignedEnvelope original, string text) = Innermost(envelope);
        string target = forward.Target.ToString();
        if (string.Equals(original.Envelope.To, target, StringComparison.OrdinalIgnoreCase)) return null;
        string key = $"{original.Envelope.Id}/{target}";
        if (key.Length > LongestKey || await records.GetAsync(Ledger, null, key, cancellationToken) is not null) return null;

        var outgoing = new Envelope
        {
            From = forward.From.ToString(),
            To = target,
            Timestamp = original.Envelope.Timestamp,
            ConversationId = envelope.Envelope.ConversationId,
            ContentType = "forward",
            Subject = original.Envelope.Subject,
            Body = text,
        };
        SignedEnvelope signed = await signer.SignAsync(outgoing, forward.From.Domain, options.Signatures.Default, cancellationToken);
        return new PreparedForward(entries.Create(signed, null, forward.Target, null, null, now), new BridgeRecord(Ledger, null, key, [], Unique: true));
    }

    /// <summary>The message a forward carries, or the message itself. Forwards never nest (SMXP §2).</summary>
    public static (SignedEnvelope Original, string Text) Innermost(SignedEnvelope envelope)
    {
        if (envelope.Envelope is { ContentType: "forward", Body: { Length: > 0 } body } && Parse(body) is { } inner) return (inner, body);
        return (envelope, Encoding.UTF8.GetString(envelope.Utf8.Span));
    }

    private static SignedEnvelope? Parse(string body) =>
        SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(body), out SignedEnvelope? inner, out _) ? inner : null;
}

/// <summary>A forward, ready to be committed.</summary>
internal sealed record PreparedForward(OutboxEntry Entry, BridgeRecord Record);
