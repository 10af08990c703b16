namespace Smxp.Client.Mail;

/// <summary>New content for a message. What is null stays as it is.</summary>
public sealed record MessageEdit
{
    /// <summary>Who shall see the new content; null for everybody the message was sent to.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>The new subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The new body.</summary>
    public string? Body { get; init; }

    /// <summary>The new body's content type.</summary>
    public string? ContentType { get; init; }
}
