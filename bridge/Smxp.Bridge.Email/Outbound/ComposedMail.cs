using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound.Forms;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A mail to send, with the streams its attachments are read from.</summary>
internal sealed class ComposedMail(MimeMessage message, MailboxAddress from, MailboxAddress to) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    public MimeMessage Message => message;

    /// <summary>The author, and the return path.</summary>
    public MailboxAddress From => from;

    public MailboxAddress To => to;

    /// <summary>Why it cannot be sent, in words for the sender; null where it can.</summary>
    public string? Refusal { get; set; }

    public static ComposedMail Refused(string why) => new(new MimeMessage(), new MailboxAddress("", ""), new MailboxAddress("", "")) { Refusal = why };

    /// <summary>Keeps something until the mail is sent.</summary>
    public void Own(IAsyncDisposable resource) => _owned.Add(resource);

    /// <summary>Writes it out once and for all. Nothing in it is beyond seven bits, unless an address is, or a field of a mail forwarded in it.</summary>
    /// <param name="spool">Where to; it must outlive what is answered.</param>
    /// <param name="envelopeId">What a delivery status notification shall call it.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<OutgoingMail> SealAsync(MessageSpool spool, string envelopeId, CancellationToken cancellationToken)
    {
        string sender = MailboxAddress.EncodeAddrspec(from.Address), recipient = MailboxAddress.EncodeAddrspec(to.Address);
        bool international = !Ascii.IsValid(sender) || !Ascii.IsValid(recipient);
        var format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.EnsureNewLine, format.International) = (NewLineFormat.Dos, true, international);
        message.Prepare(EncodingConstraint.SevenBit, Octets.LongestLine);
        await using (var bytes = spool.OpenWrite()) await message.WriteToAsync(format, bytes, cancellationToken);
        return new OutgoingMail(sender, [new OutgoingRecipient(recipient)], spool.Length, spool.OpenRead) { EnvelopeId = envelopeId, WrittenAt = message.Date, Needs = international ? MailNeeds.Utf8 : MailNeeds.None };
    }

    public async ValueTask DisposeAsync()
    {
        message.Dispose();
        foreach (var resource in _owned) await resource.DisposeAsync();
    }
}
