using MimeKit;

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

    public async ValueTask DisposeAsync()
    {
        message.Dispose();
        foreach (var resource in _owned) await resource.DisposeAsync();
    }
}
