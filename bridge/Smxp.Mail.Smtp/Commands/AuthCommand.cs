using System.Text;
using Smxp.Mail.Smtp.Authentication;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>AUTH (RFC 4954) with PLAIN (RFC 4616) and LOGIN: who the client is, on submission listeners and under TLS. What is said here is never logged.</summary>
internal sealed class AuthCommand(string mechanism, string? initial) : SmtpCommand
{
    // LOGIN has no RFC; every client knows these words.
    private const string UserPrompt = "VXNlcm5hbWU6";
    private const string SecretPrompt = "UGFzc3dvcmQ6";

    public string Mechanism => mechanism;

    public static SmtpCommand Parse(string rest) => rest.Split(' ') switch
    {
        [{ Length: > 0 } mechanism] => new AuthCommand(mechanism.ToUpperInvariant(), null),
        [{ Length: > 0 } mechanism, { Length: > 0 } initial] => new AuthCommand(mechanism.ToUpperInvariant(), initial),
        _ => new RefusedCommand(SmtpReply.Syntax),
    };

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        // What follows is not a line of commands until this is settled.
        if (session.Channel.HasMore) return SmtpReply.ImproperPipelining;
        if (session.Listener.Kind != SmtpListenerKind.Submission) return SmtpReply.NotImplemented;
        if (!session.OffersAuthentication) return SmtpReply.EncryptToSignIn;
        if (session.ClientName is null || !session.Extended) return SmtpReply.HelloFirst;
        if (session.Identity is not null) return SmtpReply.AlreadySignedIn;
        if (session.Transaction is not null) return SmtpReply.MailUnderWay;
        try
        {
            return mechanism switch
            {
                "PLAIN" => await PlainAsync(session),
                "LOGIN" => await LoginAsync(session),
                _ => SmtpReply.UnknownMechanism,
            };
        }
        finally
        {
            session.Channel.ForgetLine();
        }
    }

    private async ValueTask<SmtpReply> PlainAsync(SmtpSession session)
    {
        var (problem, response) = await InitialAsync(session, prompt: "");
        if (problem is not null) return problem;
        return SaslResponse.TryParsePlain(response, out string? user, out string? secret) ? await session.SignInAsync(user, secret) : session.RefuseCredentials();
    }

    private async ValueTask<SmtpReply> LoginAsync(SmtpSession session)
    {
        var (problem, name) = await InitialAsync(session, UserPrompt);
        if (problem is not null) return problem;
        (problem, byte[] password) = await AskAsync(session, SecretPrompt);
        if (problem is not null) return problem;
        return SaslResponse.TryGetText(name, out string? user) && SaslResponse.TryGetText(password, out string? secret)
            ? await session.SignInAsync(user, secret)
            : session.RefuseCredentials();
    }

    private async ValueTask<(SmtpReply? Problem, byte[] Response)> InitialAsync(SmtpSession session, string prompt)
    {
        if (initial is null) return await AskAsync(session, prompt);
        // RFC 4954 §4: "=" is a response of no length.
        if (initial == "=") return (null, []);
        return SaslResponse.TryDecode(Encoding.UTF8.GetBytes(initial), out byte[]? response) ? (null, response) : (SmtpReply.NotBase64, []);
    }

    private static async ValueTask<(SmtpReply? Problem, byte[] Response)> AskAsync(SmtpSession session, string prompt)
    {
        SmtpReply.Challenge(prompt).WriteTo(session.Channel.Output);
        var problem = await session.Channel.ReadLineAsync();
        if (problem is not null) return (problem == SmtpReply.CommandTooLong ? SmtpReply.ResponseTooLong : problem, []);
        if (session.Channel.Line.SequenceEqual("*"u8)) return (SmtpReply.SignInCancelled, []);
        return SaslResponse.TryDecode(session.Channel.Line, out byte[]? response) ? (null, response) : (SmtpReply.NotBase64, []);
    }
}
