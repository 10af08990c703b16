using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Smxp.Mail.Smtp.Commands;
using Smxp.Mail.Smtp.Data;
using Smxp.Mail.Smtp.Limits;
using Smxp.Mail.Smtp.Proxy;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Session;

/// <summary>One connection: reads a command, executes it, writes the reply, until somebody has had enough. Commands change its state through the members below.</summary>
internal sealed partial class SmtpSession
{
    private readonly ServerContext _server;
    private readonly ConnectionPlace _place;
    private readonly ILogger _logger;
    private IPAddress _peer;
    private int _commands;
    private int _errors;
    private int _mails;
    private int _authenticationFailures;

    public SmtpSession(ConnectionContext connection, IPAddress peer, SmtpListener listener, ConnectionPlace place, ServerContext server)
    {
        (_peer, Client, Listener, _place, _server, _logger) = (peer, peer, listener, place, server, server.Logger);
        Channel = new SmtpChannel(connection, server.Options, server.Time, server.Aborted);
    }

    public SmtpChannel Channel { get; }

    public SmtpServerOptions Options => _server.Options;

    public SmtpListener Listener { get; }

    /// <summary>The client, as far as is known: who connected, or whom a trusted proxy named.</summary>
    public IPAddress Client { get; private set; }

    /// <summary>The client's host name, where a trusted proxy gave it.</summary>
    public string? ClientHost { get; set; }

    /// <summary>What the client calls itself; null before EHLO or HELO.</summary>
    public string? ClientName { get; set; }

    /// <summary>Whether it said EHLO.</summary>
    public bool Extended { get; set; }

    /// <summary>Who is signed in.</summary>
    public string? Identity { get; set; }

    /// <summary>Whether it may sign in, here and now.</summary>
    public bool OffersAuthentication => Listener.Kind == SmtpListenerKind.Submission && (Channel.IsEncrypted || Listener.AllowPlaintextAuthentication);

    /// <summary>Whether it may say that it speaks for another client.</summary>
    public bool MaySpeakForOthers => Listener.XclientNetworks.Any(network => network.Contains(_peer));

    /// <summary>The mail under way; null between mails.</summary>
    public SmtpTransaction? Transaction { get; set; }

    /// <summary>What arrived of it, where it comes in chunks.</summary>
    public IncomingMail? Mail { get; private set; }

    public async Task RunAsync()
    {
        try
        {
            if (!await ArriveAsync()) return;
            SmtpReply? reply;
            do
            {
                reply = Judge(await NextAsync());
                reply?.WriteTo(Channel.Output);
            }
            while (reply is not { Closes: true });
            await Channel.CloseAsync();
        }
        finally
        {
            await ResetAsync();
            await Channel.DisposeAsync();
        }
    }

    /// <summary>Forgets the mail under way; nothing of it was accepted.</summary>
    public async ValueTask ResetAsync()
    {
        var mail = Mail;
        (Transaction, Mail) = (null, null);
        if (mail is not null) await mail.DisposeAsync();
    }

    /// <summary>Forgets all that the client said, as if it had just come.</summary>
    public async ValueTask ForgetAsync()
    {
        await ResetAsync();
        (ClientName, Extended, Identity) = (null, false, null);
    }

    /// <summary>Makes another client of it; false where that one has too many connections.</summary>
    public bool TryBecome(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6) client = client.MapToIPv4();
        Client = client;
        return _place.TryAssign(client) && _server.Rates.TryConnect(client);
    }

    /// <summary>Whether another mail may begin; null where it may.</summary>
    public SmtpReply? CountMail()
    {
        if (++_mails > Options.MaxMails) return SmtpReply.TooManyMailsInSession;
        return _server.Rates.TryMail(Client) ? null : SmtpReply.TooManyMails;
    }

    /// <summary>Whether another recipient may be named; null where it may.</summary>
    public SmtpReply? CountRecipient() => _server.Rates.TryRecipient(Client) ? null : SmtpReply.TooManyRecipientsForNow;

    /// <summary>The reply about to be given repeats one that counted as an error already.</summary>
    public void Forgive() => _errors--;

    /// <summary>Asks the application, turning its faults into a temporary refusal.</summary>
    public async ValueTask<SmtpReply> AskAsync(Func<ISmtpApplication, CancellationToken, ValueTask<SmtpReply>> question)
    {
        try
        {
            return await question(_server.Application, _server.Aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogApplicationFailed(exception);
            return SmtpReply.LocalError;
        }
    }

    /// <summary>Asks the application who this is.</summary>
    public async ValueTask<SmtpReply> SignInAsync(string user, string secret)
    {
        try
        {
            Identity = await _server.Application.AuthenticateAsync(user, secret, Client, _server.Aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogApplicationFailed(exception);
            return SmtpReply.AuthenticationUnavailable;
        }

        return Identity is null ? RefuseCredentials() : SmtpReply.SignedIn;
    }

    /// <summary>Counts a failed attempt to sign in.</summary>
    public SmtpReply RefuseCredentials() => ++_authenticationFailures >= Options.MaxAuthenticationFailures ? SmtpReply.TooManyFailures : SmtpReply.WrongCredentials;

    /// <summary>Opens the mail whose recipients are known. Where that cannot be, a mail that is refused.</summary>
    public async ValueTask<IncomingMail> OpenMailAsync(SmtpTransaction transaction)
    {
        try
        {
            Mail = new IncomingMail(_server, transaction.Body, await _server.Application.OpenMessageAsync(transaction, _server.Aborted));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogApplicationFailed(exception);
            Mail = IncomingMail.Refused(_server, IncomingMail.Answer(exception));
        }

        return Mail;
    }

    /// <summary>A mail that nobody takes, for octets that come all the same.</summary>
    public IncomingMail RefuseMail(SmtpReply reply) => IncomingMail.Refused(_server, reply);

    /// <summary>Reads octets into a mail; null when all are here, else the reply with which the connection ends.</summary>
    public ValueTask<SmtpReply?> ReceiveAsync(IncomingMail mail, IContentDecoder decoder) => MailReceiver.ReceiveAsync(Channel, mail, decoder, Options, _server.Aborted);

    /// <summary>The mail is whole: hands it over, and is ready for the next.</summary>
    public async ValueTask<SmtpReply> CommitAsync(IncomingMail mail)
    {
        var reply = await mail.CommitAsync();
        if (reply.IsPositive) _commands = 0;
        await ResetAsync();
        return reply;
    }

    // What comes before the first command. Each step has its own deadline, and nobody but this client waits for it.
    private async ValueTask<bool> ArriveAsync()
    {
        if (Listener.ProxyNetworks.Any(network => network.Contains(_peer)))
        {
            Channel.Deadline.Set(Options.ProxyTimeout);
            var (proxied, justLeft) = await ProxyReceiver.ReceiveAsync(Channel.Input, _server.Aborted);
            if (proxied is not { } header)
            {
                if (!justLeft) LogNoProxyHeader(_peer);
                return false;
            }

            if (header.Source is { } source) _peer = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        }

        if (!TryBecome(_peer)) return await RefuseAsync(SmtpReply.TooManyConnections);
        if (Listener.ImplicitTls) await Channel.EncryptAsync(Options.Certificate!);
        Channel.Deadline.Clear();
        // RFC 5321 §3.1: the client waits for the greeting. Who does not is no mail server.
        if (await Channel.SpeaksWithinAsync(Options.GreetingDelay)) return await RefuseAsync(SmtpReply.EarlyTalker);
        SmtpReply.Greeting(Options.HostName).WriteTo(Channel.Output);
        return true;
    }

    private async ValueTask<bool> RefuseAsync(SmtpReply reply)
    {
        // Who awaits TLS can read nothing else.
        if (Listener.ImplicitTls && !Channel.IsEncrypted) return false;
        reply.WriteTo(Channel.Output);
        await Channel.CloseAsync();
        return false;
    }

    private async ValueTask<SmtpReply?> NextAsync()
    {
        if (await Channel.ReadLineAsync() is { } problem) return problem;
        if (Channel.IsStopping) return SmtpReply.ShuttingDown;
        if (++_commands > Options.MaxCommands + Options.MaxRecipients) return SmtpReply.TooManyCommands;
        // A mail in chunks may not rest for ever between two of them.
        if (Mail?.Judge(0) is { } enough) return enough;
        return await SmtpCommand.Parse(Channel.Line).ExecuteAsync(this);
    }

    private SmtpReply? Judge(SmtpReply? reply)
    {
        if (reply is { IsError: true, Closes: false } && ++_errors > Options.MaxErrors) return SmtpReply.TooManyErrors;
        return reply;
    }

    [LoggerMessage(LogLevel.Warning, "{Peer} is among the proxies, but began its connection without a PROXY header; it was closed")]
    private partial void LogNoProxyHeader(IPAddress peer);

    [LoggerMessage(LogLevel.Error, "The mail application failed")]
    private partial void LogApplicationFailed(Exception exception);
}
