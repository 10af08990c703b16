using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the server's certificate is one that other servers accept, and for how long yet (SMXP §7).</summary>
internal sealed class CertificateCheck : ICheck
{
    private const int SoonDays = 14;

    public string Name => "Certificate";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (PublicServer.Of(patient) is not { } server) return Finding.Skipped("the server does not say where it is");
        Finding? found = null;
        try
        {
            await using var stream = await Connections.OpenAsync(patient.Names, server.Host, server.Port, cancellationToken);
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                CertificateChainPolicy = Trusting(patient.Authorities),
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    string[] broken = [.. (chain?.ChainStatus ?? []).Select(static status => status.Status.ToString())];
                    found = certificate is null ? Finding.Failure("the server shows no certificate", Mend(server)) : Judge((X509Certificate2)certificate, errors, broken, server, patient.Time.GetUtcNow());
                    return true;
                },
            }, cancellationToken);
            return found ?? Finding.Failure("the server shows no certificate", Mend(server));
        }
        catch (HttpRequestException e)
        {
            return Finding.Failure($"{server.Host}:{server.Port} cannot be reached: {e.Message}", Mend(server));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return Finding.Failure($"{server.Host}:{server.Port} does not speak TLS: {e.Message}", Mend(server));
        }
    }

    /// <summary>What a certificate is worth. Pure.</summary>
    internal static Finding Judge(X509Certificate2 certificate, SslPolicyErrors errors, IReadOnlyList<string> broken, PublicServer server, DateTimeOffset now)
    {
        int days = (int)Math.Floor((certificate.NotAfter.ToUniversalTime() - now.UtcDateTime).TotalDays);
        if (days < 0) return Finding.Failure($"expired {-days} days ago", Mend(server));
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return Finding.Failure($"it is not for {server.Host}: {certificate.Subject}", Mend(server));
        if (errors != SslPolicyErrors.None) return Finding.Failure($"nobody others trust has signed it: {string.Join(", ", broken)}", Mend(server), "Serve the intermediate certificates with it.");
        return days < SoonDays ? Finding.Warning($"it expires in {days} days", Mend(server)) : Finding.Ok($"valid for {server.Host}, {days} days left");
    }

    private static X509ChainPolicy? Trusting(X509Certificate2Collection? authorities)
    {
        if (authorities is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static string Mend(PublicServer server) => $"Get a certificate for {server.Host} from a public authority, and name its files in Kestrel:Endpoints or at the proxy.";
}
