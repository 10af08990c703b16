namespace Smxp.Client.Mail;

/// <summary>What would become of a message to one recipient.</summary>
public sealed record RecipientPreview
{
    /// <summary>The recipient.</summary>
    public required string To { get; init; }

    /// <summary><c>delivers</c>, <c>refused</c>, or <c>unknown</c> where it could not be found out now.</summary>
    public required string Outcome { get; init; }

    /// <summary>The way it would take: <c>local</c>, <c>smxp</c>, <c>email</c>, or another bridge's; null where there is none.</summary>
    public string? Way { get; init; }

    /// <summary>Another way it would go as well; null for none.</summary>
    public string? Alongside { get; init; }

    /// <summary>Why it would be refused, or why that is not known.</summary>
    public string? Reason { get; init; }

    /// <summary>What this recipient would miss.</summary>
    public IReadOnlyList<PreviewLoss> Losses { get; init; } = [];
}

/// <summary>One thing that would not arrive as it was sent.</summary>
/// <param name="Kind"><c>edit</c>, <c>delete</c>, <c>receipt</c>, <c>expiry</c>, <c>size</c>, <c>formatting</c> or <c>typed_attachments</c>; other servers may know more.</param>
/// <param name="Degree"><c>changed</c> (it arrives in another form), <c>lost</c>, or <c>refused</c> (because of it the message would be).</param>
/// <param name="Text">The same in words.</param>
/// <param name="Limit">For <c>size</c>: how many bytes of attachments go this way.</param>
public sealed record PreviewLoss(string Kind, string Degree, string Text, long? Limit);

internal sealed record PreviewAnswer(IReadOnlyList<RecipientPreview> Preview);
