namespace AuthServer.Engine.Mail;

/// <summary>A letter in words, ready to go.</summary>
/// <param name="To">One plain address.</param>
/// <param name="Subject">One line.</param>
public sealed record WrittenLetter(string To, string Subject, string Text, string Html);

/// <summary>A way out for mail. Throws where it did not get through.</summary>
public interface IMailTransport
{
    Task SendAsync(WrittenLetter letter, CancellationToken ct);
}
