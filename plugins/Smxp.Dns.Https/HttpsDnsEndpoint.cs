using System.Diagnostics.CodeAnalysis;

namespace Smxp.Dns.Https;

/// <summary>A server and the format it is asked in; where none is fixed, the one that worked is remembered.</summary>
internal sealed class HttpsDnsEndpoint(Uri address, HttpsDnsFormat? format)
{
    public Uri Address { get; } = address;

    public HttpsDnsFormat? Format { get; set; } = format;

    public static bool TryParse(string text, [NotNullWhen(true)] out HttpsDnsEndpoint? endpoint)
    {
        endpoint = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.UserInfo.Length > 0) return false;
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) return false;
        HttpsDnsFormat? format = address.Fragment switch { "#wire" => HttpsDnsFormat.Wire, "#json" => HttpsDnsFormat.Json, _ => null };
        if (format is null && address.Fragment.Length > 0) return false;
        endpoint = new HttpsDnsEndpoint(new Uri(address.GetLeftPart(UriPartial.Query)), format);
        return true;
    }
}

internal enum HttpsDnsFormat
{
    Wire,
    Json,
}
