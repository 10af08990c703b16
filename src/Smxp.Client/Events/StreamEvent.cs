using Smxp.Client.Mail;

namespace Smxp.Client.Events;

/// <summary>Something that happened in the mailbox (SMXP §9).</summary>
/// <param name="Id">Where it stands in the stream: give it to <see cref="SmxpClient.StreamAsync"/> to go on from here. For messages, the message's id.</param>
/// <param name="Type"><c>message</c>, <c>edit</c>, <c>delete</c>, <c>receipt</c>, <c>read_status</c>, <c>status</c> or <c>conversation</c>; other servers may know more.</param>
/// <param name="Row">The message, or the members of a row that the event is about.</param>
public sealed record StreamEvent(string Id, string Type, MessageRow Row);
