using System.Net.Http.Headers;
using Smxp.Host.Errors;
using Smxp.Host.Federation;

namespace Smxp.Host.Delegations;

/// <summary>The owner's server's answer, passed on as it arrives: its status and its JSON, none of its headers, and no more than a mailbox page can hold.</summary>
internal sealed class RelayedAnswer(HttpResponseMessage response) : IResult
{
    private const long LongestAnswer = 64L * 1024 * 1024;
    private const int BufferSize = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (response)
        {
            int status = (int)response.StatusCode;
            MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
            if (status is < 200 or (>= 300 and < 400) or 401 or >= 500 || !string.Equals(type?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            {
                await (await RemoteRequestSigner.RefusalAsync(response, httpContext.RequestAborted)).ExecuteAsync(httpContext);
                return;
            }
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using System.IO.Stream body = await response.Content.ReadAsStreamAsync(httpContext.RequestAborted);
            byte[] buffer = new byte[BufferSize];
            long left = LongestAnswer;
            for (int read; (read = await body.ReadAsync(buffer, httpContext.RequestAborted)) > 0; left -= read)
            {
                if (read > left)
                {
                    httpContext.Abort();
                    return;
                }
                await httpContext.Response.Body.WriteAsync(buffer.AsMemory(0, read), httpContext.RequestAborted);
            }
        }
    }
}
