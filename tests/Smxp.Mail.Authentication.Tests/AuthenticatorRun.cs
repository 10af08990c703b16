using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.Tests;

/// <summary>One evaluation of a message against a zone.</summary>
internal static class AuthenticatorRun
{
    /// <summary>A moment when the signatures of the samples had been made.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Samples", name));

    public static Task<MailAuthentication> EvaluateAsync(this IMailDns dns, byte[] message, string headerFrom = "author@example.com", string mailFrom = "bounce@elsewhere.example",
        AuthenticationOptions? options = null, DateTimeOffset? now = null, Func<int, int>? random = null, params string[] moreFrom) =>
        dns.EvaluateAsync(new MemoryStream(message), [headerFrom, .. moreFrom], mailFrom, options, now, random);

    public static Task<MailAuthentication> EvaluateAsync(this IMailDns dns, Stream message, string[] headerFrom, string mailFrom, AuthenticationOptions? options = null, DateTimeOffset? now = null, Func<int, int>? random = null)
    {
        var authenticator = new MailAuthenticator(dns, options ?? new AuthenticationOptions { AuthservId = "mx.receiver.example" }, new FakeTimeProvider(now ?? Now), random: random);
        var request = new AuthenticationRequest
        {
            Client = IPAddress.Parse("192.0.2.1"),
            Helo = "mail.elsewhere.example",
            MailFrom = mailFrom,
            HeaderFrom = headerFrom,
            OpenMessage = _ => ValueTask.FromResult(message),
        };
        return authenticator.EvaluateAsync(request, CancellationToken.None);
    }
}
