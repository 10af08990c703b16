using Microsoft.AspNetCore.Http.Metadata;

namespace Smxp.Host.Configuration;

/// <summary>How large a request's body may be, where that is not the server's default.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>Enough for every small JSON request.</summary>
    public static readonly BodyLimit Small = new(64 * 1024);

    /// <summary>Enough for lists and rules.</summary>
    public static readonly BodyLimit Medium = new(1024 * 1024);

    /// <summary>The handler bounds what it reads by itself.</summary>
    public static readonly BodyLimit None = new((long?)null);
}

internal static class BodyLimitConvention
{
    /// <summary>Limits the bodies of endpoints.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder builder, BodyLimit limit)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(limit);
}
