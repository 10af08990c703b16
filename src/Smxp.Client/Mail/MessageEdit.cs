namespace Smxp.Client.Mail;

/// <summary>New content for a message.</summary>
public sealed record MessageEdit
{
    /// <summary>Who shall see the new content: the recipients of the message.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>The new subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The new body.</summary>
    public string? Body { get; init; }

    /// <summary>The new body's content type; null for <c>text</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>In whose name; null for one's own.</summary>
    public string? From { get; init; }
}
