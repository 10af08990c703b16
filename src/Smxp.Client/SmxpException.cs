using System.Net;

namespace Smxp.Client;

/// <summary>The server refused a request, or answered what no SMXP server answers. Network failures are <see cref="HttpRequestException"/>s.</summary>
public sealed class SmxpException : Exception
{
    internal SmxpException(HttpStatusCode statusCode, string error, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base($"{error} ({(int)statusCode})", innerException) => (StatusCode, Error, RetryAfter) = (statusCode, error, retryAfter);

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The <c>error</c> text of the answer (SMXP §8), in the server's words.</summary>
    public string Error { get; }

    /// <summary>How long the server asks to wait before another try; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed later: 408, 429 and 5xx.</summary>
    public bool IsTransient => StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)StatusCode >= 500;
}
