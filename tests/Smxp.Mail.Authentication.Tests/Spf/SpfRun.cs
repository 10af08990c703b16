using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Spf;

/// <summary>One check against a zone.</summary>
internal static class SpfRun
{
    public static Task<SpfVerdict> CheckAsync(this Zone zone, string client, string sender, string helo = "mx.example.org") =>
        SpfCheck.RunAsync(zone, new SpfRequest(IPAddress.Parse(client), helo, sender, "receiver.example"), new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_500_000_000)), CancellationToken.None);

    public static async Task<SpfResult> ResultAsync(this Zone zone, string client, string sender = "user@example.com", string helo = "mx.example.org") => (await zone.CheckAsync(client, sender, helo)).Result;
}
