using System.Globalization;
using Smxp.Mail.Smtp.Data;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>BDAT (RFC 3030 §2): takes a chunk of the mail. Whatever is wrong, the octets announced are read: they were sent behind the command and are no commands.</summary>
internal sealed class BdatCommand(long length, bool last) : SmtpCommand
{
    // RFC 3030 §2: up to twenty digits, as for SIZE.
    private const int MaxDigits = 20;

    public long Length => length;

    public bool Last => last;

    public static SmtpCommand Parse(string rest)
    {
        string[] words = rest.Split(' ');
        bool last = words.Length == 2 && words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase);
        if (words.Length != (last ? 2 : 1) || words[0].Length is 0 or > MaxDigits || words[0].AsSpan().ContainsAnyExceptInRange('0', '9')) return new RefusedCommand(SmtpReply.BadChunk);
        // What does not fit is certainly too large.
        return new BdatCommand(long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : long.MaxValue, last);
    }

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        // Not worth reading to the end.
        if (length > 2 * session.Options.MaxMessageBytes) return SmtpReply.FloodOfMail;
        // A client that sends chunks ahead learns late of a refusal. That is one error, not one each.
        if (session.Mail?.Refusal is { IsError: true }) session.Forgive();
        var mail = session.Mail ?? await OpenAsync(session);
        if (await session.ReceiveAsync(mail, new ChunkDecoder(mail.Rules, length)) is { } broken) return broken;
        if (last && mail == session.Mail) return await session.CommitAsync(mail);
        return mail.Refusal ?? SmtpReply.ChunkTaken(length);
    }

    private static async ValueTask<IncomingMail> OpenAsync(SmtpSession session)
    {
        if (session.Transaction is not { } transaction) return session.RefuseMail(SmtpReply.MailFirst);
        if (transaction.Recipients.Count == 0) return session.RefuseMail(SmtpReply.NoRecipients);
        return await session.OpenMailAsync(transaction);
    }
}
