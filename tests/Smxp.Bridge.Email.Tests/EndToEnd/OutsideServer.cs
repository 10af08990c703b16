using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using MimeKit;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Somebody else's mail server, line by line, as bad or as strict as a test wants it: refusals at any command, TLS from the start or by STARTTLS, a password.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<OutsideMail> _mails = Channel.CreateUnbounded<OutsideMail>();
    private readonly ConcurrentQueue<string> _heard = new();

    /// <summary>Listens, on a free port of 127.0.0.1 unless told otherwise.</summary>
    public OutsideServer(string address = "127.0.0.1", int port = 0)
    {
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Commands to answer otherwise, by verb; <c>CONNECT</c> is the greeting, <c>.</c> the end of a mail, <c>RCPT bob@x.test</c> one recipient.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For TLS; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether TLS comes before the first word.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Who may sign in; null where nobody needs to.</summary>
    public (string User, string Password)? Account { get; init; }

    /// <summary>Every line it was told outside of mails, an ended sign-in among them as <c>AUTH</c> <c>name</c> <c>password</c>.</summary>
    public IReadOnlyList<string> Heard => [.. _heard];

    /// <summary>Whether it offers to notify of what becomes of mail (DSN).</summary>
    public bool Notifies { get; init; }

    /// <summary>Whether it takes octets beyond ASCII (8BITMIME).</summary>
    public bool TakesEightBits { get; set; } = true;

    /// <summary>How often somebody connected.</summary>
    public int Connections { get; private set; }

    /// <summary>The next mail, when it comes.</summary>
    public Task<OutsideMail> NextAsync() => _mails.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Whether a mail is there that nobody asked for yet.</summary>
    public bool HasMail => _mails.Reader.Count > 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (ImplicitTls) stream = await EncryptAsync(stream);
                await new Conversation(this, stream, isEncrypted: ImplicitTls).RunAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
            {
                // The other side left.
            }
        }
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return tls;
    }

    private sealed class Conversation(OutsideServer server, Stream stream, bool isEncrypted)
    {
        private StreamReader _reader = NewReader(stream);
        private StreamWriter _writer = NewWriter(stream);
        private bool _isEncrypted = isEncrypted;
        private string? _user;
        private string _sender = "";
        private List<string> _recipients = [];

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            bool goesOn = await SayAsync("CONNECT", "220 outside.test ESMTP");
            while (goesOn && await _reader.ReadLineAsync(cancellationToken) is { } line)
            {
                string verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb != "AUTH") server._heard.Enqueue(line);
                goesOn = await AnswerAsync(verb, line, cancellationToken);
            }
        }

        private async Task<bool> AnswerAsync(string verb, string line, CancellationToken cancellationToken)
        {
            switch (verb)
            {
                case "EHLO":
                    return await SayAsync(verb, string.Join("\r\n250-", ["250-outside.test", .. Extensions]) + "\r\n250 SMTPUTF8");
                case "STARTTLS" when server.Certificate is not null:
                    await SayAsync(verb, "220 2.0.0 Go ahead");
                    await StartTlsAsync();
                    return true;
                case "STARTTLS":
                    return await SayAsync(verb, "502 5.5.1 Not here");
                case "AUTH":
                    return await SignInAsync(line, cancellationToken);
                case "MAIL" when server.Account is not null && _user is null:
                    return await SayAsync(verb, "530 5.7.0 Authentication required");
                case "MAIL":
                    (_sender, _recipients) = (PathOf(line), []);
                    return await SayAsync(verb, "250 2.1.0 OK");
                case "RCPT":
                    _recipients.Add(PathOf(line));
                    return await SayAsync(server.Refusals.ContainsKey($"RCPT {PathOf(line)}") ? $"RCPT {PathOf(line)}" : verb, "250 2.1.5 OK");
                case "DATA":
                    if (!await SayAsync(verb, "354 Go on")) return false;
                    if (server.Refusals.ContainsKey(verb)) return true;
                    byte[] mail = await ReadMailAsync(cancellationToken);
                    if (await SayAsync(".", "250 2.0.0 Taken") && !server.Refusals.ContainsKey("."))
                        await server._mails.Writer.WriteAsync(new OutsideMail(_sender, [.. _recipients], mail, _isEncrypted, _user), cancellationToken);
                    return true;
                case "QUIT":
                    await SayAsync(verb, "221 2.0.0 Bye");
                    return false;
                default:
                    return await SayAsync(verb, "250 2.0.0 OK");
            }
        }

        private IEnumerable<string> Extensions
        {
            get
            {
                yield return "PIPELINING";
                if (server.TakesEightBits) yield return "8BITMIME";
                yield return "SIZE 50000000";
                if (server.Notifies) yield return "DSN";
                if (server.Certificate is not null && !_isEncrypted) yield return "STARTTLS";
                if (server.Account is not null) yield return "AUTH PLAIN";
            }
        }

        private async Task StartTlsAsync()
        {
            stream = await server.EncryptAsync(stream);
            (_reader, _writer) = (NewReader(stream), NewWriter(stream));
            _isEncrypted = true;
        }

        // RFC 4616: authorisation id, name and password, parted by NUL.
        private async Task<bool> SignInAsync(string line, CancellationToken cancellationToken)
        {
            string[] words = line.Split(' ');
            if (words[1] != "PLAIN") return await SayAsync("AUTH", "504 5.5.4 PLAIN only");
            if (words.Length < 3) await _writer.WriteLineAsync("334 ");
            string[] response = Encoding.UTF8.GetString(Convert.FromBase64String(words.Length > 2 ? words[2] : await _reader.ReadLineAsync(cancellationToken) ?? "")).Split('\0');
            server._heard.Enqueue($"AUTH {response[1]} {response[2]}");
            if (server.Account is not { } account || (response[1], response[2]) != account) return await SayAsync("AUTH", "535 5.7.8 Authentication credentials invalid");
            _user = response[1];
            return await SayAsync("AUTH", "235 2.7.0 Welcome");
        }

        private async Task<byte[]> ReadMailAsync(CancellationToken cancellationToken)
        {
            var mail = new StringBuilder();
            while (await _reader.ReadLineAsync(cancellationToken) is { } line && line != ".") mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            return Bytes.GetBytes(mail.ToString());
        }

        /// <summary>Answers; false where the answer ends the connection.</summary>
        private async Task<bool> SayAsync(string verb, string usual)
        {
            string reply = server.Refusals.GetValueOrDefault(verb) ?? usual;
            await _writer.WriteLineAsync(reply);
            return !reply.StartsWith("421", StringComparison.Ordinal) && (verb != "CONNECT" || reply.StartsWith('2'));
        }

        private static StreamReader NewReader(Stream stream) => new(stream, Bytes);

        private static StreamWriter NewWriter(Stream stream) => new(stream, Bytes) { NewLine = "\r\n", AutoFlush = true };

        private static string PathOf(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..].Split('>')[0];
    }
}

/// <summary>A mail as it arrived.</summary>
internal sealed record OutsideMail(string Sender, IReadOnlyList<string> Recipients, byte[] Bytes, bool Encrypted, string? User)
{
    public MimeMessage Message { get; } = MimeMessage.Load(new MemoryStream(Bytes));

    /// <summary>What lies below the signatures, which are made anew each time it is handed over.</summary>
    public string Signed => Text[(Text.IndexOf("\nFrom: ", StringComparison.Ordinal) + 1)..];

    private string Text => Encoding.Latin1.GetString(Bytes);
}
