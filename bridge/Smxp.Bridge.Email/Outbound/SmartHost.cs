using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A server that mail goes to whatever DNS says: the one that all mail goes through, or a hybrid domain's legacy server.</summary>
internal sealed record SmartHost(string Host, int Port, bool ImplicitTls, NetworkCredential? Credentials)
{
    private const int SmtpPort = 25;
    private const int SubmissionPort = 587;
    private const int SubmissionsPort = 465;

    /// <summary>Reads <c>smtp://user:password@host:port</c> or <c>smtps://…</c>. Ports: 465 for smtps (RFC 8314 §3.3), 587 with a password (RFC 6409), else 25.</summary>
    public static bool TryParse(string url, [NotNullWhen(true)] out SmartHost? smartHost)
    {
        smartHost = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps") || uri.Host.Length == 0 || uri.PathAndQuery is not ("/" or "")) return false;
        bool implicitTls = uri.Scheme == "smtps";
        var credentials = CredentialsOf(uri.UserInfo);
        int port = uri.Port > 0 ? uri.Port : implicitTls ? SubmissionsPort : credentials is null ? SmtpPort : SubmissionPort;
        smartHost = new SmartHost(uri.IdnHost, port, implicitTls, credentials);
        return true;
    }

    /// <summary>Its URL without the password, for people.</summary>
    public override string ToString() => $"{(ImplicitTls ? "smtps" : "smtp")}://{Host}:{Port}";

    private static NetworkCredential? CredentialsOf(string userInfo)
    {
        if (userInfo.Length == 0) return null;
        string[] parts = userInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
    }
}
