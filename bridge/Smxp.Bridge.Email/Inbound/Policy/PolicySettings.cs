using System.ComponentModel.DataAnnotations;

namespace Smxp.Bridge.Email.Inbound.Policy;

/// <summary>Section <c>Greylist</c> (RFC 6647): strangers are asked to come again, which much of what sends spam never does. What is known or passes SPF need not wait.</summary>
public sealed class GreylistSettings
{
    /// <summary>Whether strangers wait.</summary>
    public bool Enabled { get; set; }

    /// <summary>How long, in seconds.</summary>
    [Range(1, 86400)]
    public int DelaySeconds { get; set; } = 300;

    /// <summary>How long a first attempt is remembered, in hours; later ones are first attempts again.</summary>
    [Range(1, 168)]
    public int RetryHours { get; set; } = 24;

    /// <summary>How long somebody stays known who was let in, in days since the last mail.</summary>
    [Range(1, 365)]
    public int RememberDays { get; set; } = 36;
}

/// <summary>An element of <c>BlockLists</c>: a list of clients, kept by somebody in DNS (RFC 5782).</summary>
public sealed class BlockListSettings
{
    internal const string Reject = "reject";
    internal const string Flag = "flag";

    /// <summary>Its zone.</summary>
    [Required]
    public string Zone { get; set; } = "";

    /// <summary><c>reject</c> refuses mail of who is on it; <c>flag</c> delivers it with <c>policy: quarantine</c>.</summary>
    public string Action { get; set; } = Reject;

    internal IEnumerable<(string Path, string Problem)> Validate()
    {
        if (Uri.CheckHostName(Zone) != UriHostNameType.Dns) yield return ("Zone", $"'{Zone}' is no domain");
        if (Action is not (Reject or Flag)) yield return ("Action", $"'{Action}' is neither {Reject} nor {Flag}");
    }
}
