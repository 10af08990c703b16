using System.Text.Json.Serialization;
using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>A route.</summary>
public sealed record RouteInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The domain it belongs to.</summary>
    public required string Domain { get; init; }

    /// <summary>The local part it matches; <c>*</c> stands for any run of characters.</summary>
    public required string Pattern { get; init; }

    /// <summary>Where it leads.</summary>
    public required string TargetAddress { get; init; }

    /// <summary>Higher first.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it is in use.</summary>
    [JsonConverter(typeof(FlagConverter))]
    public bool Enabled { get; init; } = true;

    /// <summary>When it was made, Unix seconds.</summary>
    public long CreatedAt { get; init; }
}

/// <summary>A route to add.</summary>
public sealed record NewRoute
{
    /// <summary>The domain it belongs to.</summary>
    public required string Domain { get; init; }

    /// <summary>The local part it matches; <c>*</c> stands for any run of characters.</summary>
    public required string Pattern { get; init; }

    /// <summary>Where it leads.</summary>
    public required string TargetAddress { get; init; }

    /// <summary>Higher first; null for 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether it is in use; null for yes.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A change to a route; what is null stays.</summary>
public sealed record RouteChange
{
    /// <summary>The local part it matches.</summary>
    public string? Pattern { get; init; }

    /// <summary>Where it leads.</summary>
    public string? TargetAddress { get; init; }

    /// <summary>Higher first.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool? Enabled { get; init; }
}
