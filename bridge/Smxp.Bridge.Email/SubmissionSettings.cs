using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Smxp.Bridge.Email;

/// <summary>Section <c>Submission</c>: where people who sign in send mail from their mail program. The certificate, and the limits of a client, are those of <c>Smtp</c>.</summary>
public sealed class SubmissionSettings
{
    /// <summary>Where to listen, with STARTTLS; nowhere where nothing is said. The usual port is 587.</summary>
    public string[]? Listen { get; set; }

    /// <summary>Where to listen with TLS from the start; nowhere where nothing is said. The usual port is 465.</summary>
    public string[]? ImplicitTlsListen { get; set; }

    /// <summary>Networks whose connections begin with a PROXY header that names the client.</summary>
    public string[]? ProxyFrom { get; set; }

    /// <summary>Lets people sign in without TLS where only this machine can come: on listeners with a loopback address. For tests and for a TLS proxy beside the server.</summary>
    public bool AllowPlaintextOnLoopback { get; set; }

    /// <summary>Recipients to whom one person may send in an hour, on each node; 0 for no limit.</summary>
    [Range(0, 10000000)]
    public int RecipientsPerHour { get; set; } = 1000;

    /// <summary>The largest mail taken from people who sign in; that of <c>Smtp</c> where nothing is said, and never more.</summary>
    [Range(65536, 1L << 30)]
    public long? MaxMessageBytes { get; set; }

    /// <summary>Whether recipients learn, from the Received line, from which address somebody sent.</summary>
    public bool ShowClientAddress { get; set; }

    internal IReadOnlyList<IPNetwork> ProxyNetworks => SmtpSettings.Networks(ProxyFrom);

    internal IEnumerable<(string Path, string Problem)> Validate(bool hasCertificate)
    {
        foreach (var problem in SmtpSettings.ListenProblems("Submission:Listen", Listen).Concat(SmtpSettings.ListenProblems("Submission:ImplicitTlsListen", ImplicitTlsListen))) yield return problem;
        foreach (var problem in SmtpSettings.NetworkProblems("Submission:ProxyFrom", ProxyFrom)) yield return problem;
        if (hasCertificate) yield break;
        if (ImplicitTlsListen is { Length: > 0 }) yield return ("Submission:ImplicitTlsListen", "needs a certificate: set Smtp:CertificateFile and CertificateKeyFile");
        for (int i = 0; i < Listen?.Length; i++)
        {
            if (IPEndPoint.TryParse(Listen[i], out var endpoint) && !IPAddress.IsLoopback(endpoint.Address))
                yield return ($"Submission:Listen:{i}", "needs a certificate, or passwords would travel in clear: set Smtp:CertificateFile and CertificateKeyFile");
        }
    }
}
