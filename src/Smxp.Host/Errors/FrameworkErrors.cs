using System.Text.Json;
using System.Text.RegularExpressions;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Errors;

/// <summary>The framework's own refusals in our words.</summary>
internal static partial class FrameworkErrors
{
    /// <summary>An answer that was left bare; null where there is nothing to add.</summary>
    public static Rejection? Describe(HttpContext context) => context.Response switch
    {
        { StatusCode: < 400 } or { ContentType: not null } or { ContentLength: > 0 } => null,
        { StatusCode: StatusCodes.Status404NotFound } => Rejection.NoRoute,
        { StatusCode: StatusCodes.Status405MethodNotAllowed } => new(StatusCodes.Status405MethodNotAllowed, $"method not allowed, only {context.Response.Headers.Allow}"),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Rejection.NotJson,
        var response => new(response.StatusCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(response.StatusCode).ToLowerInvariant()),
    };

    /// <summary>An exception that is the client's doing, or an outage; null for a bug.</summary>
    public static Rejection? Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Rejection.TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Rejection.NotJson,
        BadHttpRequestException { InnerException: JsonException json } => Rejection.Malformed(Describe(json)),
        BadHttpRequestException bad => new(bad.StatusCode, Describe(bad)),
        // The framework looks the charset of a JSON body up, and throws where there is none of that name.
        InvalidOperationException { Source: "Microsoft.AspNetCore.Http.Extensions", InnerException: ArgumentException } => Rejection.UnknownCharset,
        StorageUnavailableException => Rejection.Unavailable,
        _ => null,
    };

    /// <summary>What is wrong with a body, without the names of our types.</summary>
    public static string Describe(JsonException e)
    {
        var place = string.IsNullOrEmpty(e.Path) ? "$" : e.Path;
        if (MissingMembers().Match(e.Message) is { Success: true } missing) return $"missing at {place}: {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}";
        return e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? $"wrong type at {place}" : $"malformed JSON at {place}";
    }

    /// <summary>Binding messages name our handlers' types; only the parameter is anybody's business.</summary>
    private static string Describe(BadHttpRequestException e)
    {
        if (e.Message.Contains("body", StringComparison.OrdinalIgnoreCase)) return "a JSON body is required";
        return Parameter().Match(e.Message) is { Success: true } parameter ? $"missing or malformed: {parameter.Groups[1].Value}" : "malformed request";
    }

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("parameter \"[^\"]*?([A-Za-z_]+)\"")]
    private static partial Regex Parameter();
}
