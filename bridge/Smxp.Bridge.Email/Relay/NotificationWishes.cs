using Smxp.Bridge.Email.Notifications;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Notifications;

namespace Smxp.Bridge.Email.Relay;

/// <summary>What a sender asked to be told of one recipient (RFC 3461 §4).</summary>
/// <param name="Notify">NOTIFY as on the wire, e.g. <c>SUCCESS,FAILURE</c>; null where it was left open.</param>
/// <param name="OriginalRecipient">The address of ORCPT, decoded; null where nobody said.</param>
/// <param name="EnvelopeId">ENVID, decoded.</param>
/// <param name="Return">RET, <c>FULL</c> or <c>HDRS</c>.</param>
internal sealed record NotificationWishes(string? Notify = null, string? OriginalRecipient = null, string? EnvelopeId = null, string? Return = null)
{
    private const string Never = "NEVER";
    private static readonly string[] AddressTypes = ["rfc822", "utf-8"];

    public static NotificationWishes None { get; } = new();

    /// <summary>Nothing, whatever happens.</summary>
    public static NotificationWishes Nothing { get; } = new(Never);

    // RFC 3461 §4.1: where nothing is said, failures are told.
    public bool OfFailure => Notify is null || Asks("FAILURE");

    public bool OfSuccess => Asks("SUCCESS");

    public bool OfDelay => Asks("DELAY");

    /// <summary>Whether a delay may be told: RFC 3461 §4.1 leaves it to the server where the sender said nothing.</summary>
    public bool AllowDelay => Notify is null || OfDelay;

    /// <summary>Whether the sender is to be told of this.</summary>
    public bool Of(DsnAction action) => action switch { DsnAction.Failed => OfFailure, DsnAction.Delayed => OfDelay, _ => OfSuccess };

    /// <summary>What the sender of a mail asked, of one of its recipients.</summary>
    public static NotificationWishes Of(SmtpTransaction transaction, SmtpRecipient recipient) => new(
        recipient.Notify is { } notify ? Wire(notify) : null,
        recipient.Original is { } original && AddressTypes.Contains(original.Type, StringComparer.OrdinalIgnoreCase) ? recipient.Original.Address : null,
        transaction.EnvelopeId,
        transaction.Return switch { ReturnContent.Full => "FULL", ReturnContent.Headers => "HDRS", _ => null });

    private static string Wire(NotifyOn notify) => notify == NotifyOn.Never ? "NEVER" : notify.ToString().Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private bool Asks(string word) => Notify?.Split(',').Contains(word, StringComparer.OrdinalIgnoreCase) == true;
}
