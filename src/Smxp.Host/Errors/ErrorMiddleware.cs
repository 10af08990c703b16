using Smxp.Plugins.Storage;

namespace Smxp.Host.Errors;

/// <summary>
/// The outermost layer: turns what the framework refuses by itself (no such route, a method, a media type, a body that does not parse) and what nobody
/// caught into <c>{"error": "…"}</c>. What it says of a fault of ours never comes from the exception.
/// </summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && FrameworkErrors.Describe(context) is { } rejection) await rejection.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            if (FrameworkErrors.Describe(e) is not { } rejection)
            {
                Unhandled(e, context.Request.Method, context.Request.Path);
                rejection = Rejection.Internal;
            }
            else if (rejection.Status >= StatusCodes.Status500InternalServerError) Outage(e, context.Request.Method, context.Request.Path);

            context.Response.Clear();
            await rejection.ExecuteAsync(context);
        }
        catch (StorageUnavailableException e)
        {
            // Half an answer is written (a stream, a blob): the client learns by the connection's end that there is more, and comes back for it.
            Outage(e, context.Request.Method, context.Request.Path);
            context.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception in {Method} {Path}")]
    private partial void Unhandled(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outage in {Method} {Path}")]
    private partial void Outage(Exception exception, string method, PathString path);
}
