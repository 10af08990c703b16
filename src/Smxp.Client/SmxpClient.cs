using Smxp.Client.Account;
using Smxp.Client.Admin;
using Smxp.Client.Auth;
using Smxp.Client.Blobs;
using Smxp.Client.Conversations;
using Smxp.Client.Delegations;
using Smxp.Client.Events;
using Smxp.Client.Mail;
using Smxp.Client.Server;
using Smxp.Client.Transport;

namespace Smxp.Client;

/// <summary>
/// One account's view of one SMXP server, over its HTTP API (SMXP §8–10). The members below are its resources; each call is one request unless its
/// documentation says otherwise. Sign in with <see cref="AuthClient.LoginAsync"/> or set <see cref="Token"/>.
/// </summary>
/// <remarks>
/// Safe to use from several threads. A refusal is thrown as <see cref="SmxpException"/>, an unreachable server as <see cref="HttpRequestException"/>.
/// All times are Unix seconds.
/// </remarks>
public sealed class SmxpClient : IDisposable
{
    private readonly ApiConnection _connection;
    private readonly EventStream _events;
    private readonly HttpClient? _ownHttp;

    /// <summary>Speaks to the server at this address.</summary>
    /// <param name="baseAddress">E.g. <c>https://gw.example.com</c>; a path is kept as a prefix.</param>
    /// <param name="http">What to send with; stays the caller's. Null for one of our own, which follows no redirects. Its timeout must suit streams (infinite) and transfers.</param>
    public SmxpClient(Uri baseAddress, HttpClient? http = null)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        _ownHttp = http is null ? NewHttpClient() : null;
        _connection = new ApiConnection(http ?? _ownHttp!, baseAddress);
        Server = new ServerClient(_connection);
        Auth = new AuthClient(_connection);
        Account = new AccountClient(_connection);
        Mail = new MailClient(_connection);
        Conversations = new ConversationClient(_connection);
        Delegations = new DelegationClient(_connection);
        Blobs = new BlobClient(_connection, Server);
        _events = new EventStream(_connection);
        Admin = new AdminClient(_connection);
    }

    /// <summary>A fresh token took the place of <see cref="Token"/>, because the session was near its end: keep it instead of the old one.</summary>
    public event EventHandler<TokenRefreshedEventArgs>? TokenRefreshed
    {
        add => _connection.TokenRefreshed += value;
        remove => _connection.TokenRefreshed -= value;
    }

    /// <summary>The server.</summary>
    public Uri BaseAddress => _connection.BaseAddress;

    /// <summary>The session token or API key sent with every request; null while signed out.</summary>
    public string? Token
    {
        get => _connection.Token;
        set => _connection.Token = value;
    }

    /// <summary>The operator's secret; only <see cref="Admin"/> sends it.</summary>
    public string? AdminSecret
    {
        get => _connection.AdminSecret;
        set => _connection.AdminSecret = value;
    }

    /// <summary>The server itself: health and keys. Needs no token.</summary>
    public ServerClient Server { get; }

    /// <summary>Signing in and out, API keys.</summary>
    public AuthClient Auth { get; }

    /// <summary>The signed-in account: information, password, sessions.</summary>
    public AccountClient Account { get; }

    /// <summary>Messages: listing, reading, sending, searching.</summary>
    public MailClient Mail { get; }

    /// <summary>Conversations: listing, marking as read, acknowledging.</summary>
    public ConversationClient Conversations { get; }

    /// <summary>Who may act for this account, and for whom it may act.</summary>
    public DelegationClient Delegations { get; }

    /// <summary>Attachments: encrypted, resumable transfer.</summary>
    public BlobClient Blobs { get; }

    /// <summary>The operator's API: domains, addresses, routes.</summary>
    public AdminClient Admin { get; }

    /// <summary>
    /// What happens in the mailbox, live, until the caller stops (SMXP §9): new messages (the account's own included), edits, deletes, receipts, read marks.
    /// A broken connection is opened again, with back-off, where it broke: no event is lost, none comes twice.
    /// </summary>
    /// <param name="lastEventId">The <see cref="StreamEvent.Id"/> of the last event seen: everything since is replayed first. Null begins now.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="SmxpException">The server refused for good, e.g. 401.</exception>
    public IAsyncEnumerable<StreamEvent> StreamAsync(string? lastEventId, CancellationToken cancellationToken) => _events.ReadAsync(lastEventId, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _ownHttp?.Dispose();

    private static HttpClient NewHttpClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }) { Timeout = Timeout.InfiniteTimeSpan };
}
