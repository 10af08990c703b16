namespace Smxp.Host.Http;

/// <summary>Headers that keep a browser from making more of an answer than it is. HTML that sets no policy of its own gets one under which nothing runs.</summary>
internal static class SafeHeaders
{
    private const string Inert = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox";

    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            headers.XContentTypeOptions = "nosniff";
            if (headers.ContentType.ToString().StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
            {
                if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = Inert;
                headers["Referrer-Policy"] = "no-referrer";
            }

            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
