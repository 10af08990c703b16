using System.ComponentModel.DataAnnotations;

namespace Smxp.Sample.Poll;

/// <summary>The settings, beside <c>Driver</c> in the list <c>Smxp:Content</c>.</summary>
public sealed class PollSettings
{
    /// <summary>How many answers a poll may offer.</summary>
    [Range(2, 100)] public int MaxChoices { get; set; } = 10;
}
