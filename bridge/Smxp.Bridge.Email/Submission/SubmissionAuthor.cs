using MimeKit;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>Who a mail's header says it is from (RFC 5322 §3.6.2).</summary>
internal static class SubmissionAuthor
{
    /// <summary>The first of its authors, in whose name it is sent; null where there is none. False where it names, in From or Sender, anybody who is not among those allowed.</summary>
    public static (Address? Author, bool IsAllowed) Read(MimeMessage message, IReadOnlyList<Address> allowed)
    {
        var named = message.From.Mailboxes.Select(static mailbox => mailbox.Address).ToList();
        if (named.Count == 0) return (null, true);
        if (message.Sender is { } sender) named.Add(sender.Address);
        Address? author = null;
        foreach (string text in named)
        {
            if (!Address.TryParse(text, out var address) || !allowed.Contains(address)) return (null, false);
            author ??= address;
        }

        return (author, true);
    }
}
