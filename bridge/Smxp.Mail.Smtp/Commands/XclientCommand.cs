using Smxp.Mail.Smtp.Proxy;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>XCLIENT (Postfix, XCLIENT_README): a trusted proxy says for whom it speaks; the session begins anew with that client.</summary>
internal sealed class XclientCommand(XclientAttributes attributes) : SmtpCommand
{
    public XclientAttributes Attributes => attributes;

    public static SmtpCommand Parse(string rest) => XclientAttributes.TryParse(rest) is { } attributes ? new XclientCommand(attributes) : new RefusedCommand(SmtpReply.Syntax);

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (!session.MaySpeakForOthers) return SmtpReply.NotForYou;
        if (session.Transaction is not null) return SmtpReply.MailUnderWay;
        string? identity = session.Identity;
        await session.ForgetAsync();
        session.Identity = attributes.Login is { } login ? Known(login) : identity;
        if (attributes.Name is { } name) session.ClientHost = Known(name);
        if (attributes.Hello is { } hello) session.ClientName = Known(hello);
        session.Extended = attributes.Extended ?? false;
        if (attributes.Address is { } address && !session.TryBecome(address)) return SmtpReply.TooManyConnections;
        return SmtpReply.Greeting(session.Options.HostName);
    }

    private static string? Known((bool Known, string Value) attribute) => attribute.Known ? attribute.Value : null;
}
